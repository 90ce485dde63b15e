"""Addresses of the laboratory: pages that show or provoke what a gateway must cope with."""
from django.urls import path, re_path

from lab import assembled, bodies, failures, pages

urlpatterns = [
    path("tally/", pages.show_tally),
    re_path(r"^echo(?:/.*)?$", pages.echo),
    path("page/", pages.page),
    path("assembled/", assembled.page),
    path("allow/", pages.Allowing.as_view()),
    path("redirect/", pages.redirect_to),
    path("nothing/", pages.nothing),
    path("big-headers/", pages.big_headers),
    path("upload/", bodies.upload_form),
    path("upload/raw/", bodies.upload_raw),
    path("download/", bodies.download),
    path("download/sha256/", bodies.download_sha256),
    path("events/", bodies.events),
    path("fail/", failures.fail),
    path("health/", failures.health),
    path("crash/", failures.crash),
    path("switch/", failures.switch),
    path("switched/", failures.switched),
]
