"""Fragments of pages: views like any others, each with a lifetime of its own."""
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from shop.models import Product


@require_safe
def cart(request):
    """What is in the visitor's cart. The gateway may keep it for this visitor, his browser may not: /cart/ changes it.

    Whoever has no session has an empty cart, and that is everybody's.
    """
    response = render(request, "shop/parts/cart.html", {"cart": request.session.get("cart", {})})
    if request.session.session_key is None:
        patch_cache_control(response, public=True, max_age=60)
    else:
        patch_cache_control(response, private=True, no_cache=True)
        response["CDN-Cache-Control"] = "private, max-age=300"
    return response


@require_safe
@cache_control(public=True, max_age=60)
def bestsellers(request):
    """The three of which most are gone, for everybody."""
    return render(request, "shop/parts/bestsellers.html", {"products": Product.objects.order_by("stock", "slug")[:3]})


@require_safe
@cache_control(public=True, max_age=1)
def last_pieces(request):
    """How many are left of each, which changes from second to second."""
    return render(request, "shop/parts/last_pieces.html", {"products": Product.objects.all()})
