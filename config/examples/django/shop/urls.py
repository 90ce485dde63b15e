"""Addresses of the shop."""
from django.urls import path
from django.views.generic import RedirectView

from shop import parts, views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="products")),
    path("products/", views.product_list, name="products"),
    path("products/<slug:slug>/", views.product, name="product"),
    path("products/<slug:slug>/stock/", views.stock, name="stock"),
    path("products/<slug:slug>/comments/", views.comment, name="comment"),
    path("bestsellers/", views.bestsellers, name="bestsellers"),
    path("offers/", views.offers, name="offers"),
    path("contact/", views.contact, name="contact"),
    path("cart/", views.CartView.as_view(), name="cart"),
    path("account/", views.account, name="account"),
    path("parts/cart/", parts.cart, name="cart-part"),
    path("parts/bestsellers/", parts.bestsellers, name="bestsellers-part"),
    path("parts/last-pieces/", parts.last_pieces, name="last-pieces-part"),
]
