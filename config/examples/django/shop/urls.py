"""Addresses of the shop."""
from django.urls import path
from django.views.generic import RedirectView

from shop import views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="products")),
    path("products/", views.product_list, name="products"),
    path("products/<slug:slug>/", views.product, name="product"),
    path("products/<slug:slug>/stock/", views.stock, name="stock"),
    path("products/<slug:slug>/comments/", views.comment, name="comment"),
    path("bestsellers/", views.bestsellers, name="bestsellers"),
    path("cart/", views.CartView.as_view(), name="cart"),
    path("account/", views.account, name="account"),
]
