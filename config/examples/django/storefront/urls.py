"""The whole site: the shop, its admin, its static files, and the laboratory."""
from django.contrib import admin
from django.contrib.staticfiles.views import serve
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    # Served by Django itself, without any Cache-Control: the gateway's route gives them a lifetime.
    path("static/<path:path>", serve, {"insecure": True}),
    path("lab/", include("lab.urls")),
    path("", include("shop.urls")),
]
