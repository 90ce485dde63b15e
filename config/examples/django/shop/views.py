"""Views of the shop, each with the caching it would have in a real one."""
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control, cache_page
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_http_methods, require_safe
from django.views.decorators.vary import vary_on_cookie
from django.views.generic import View

from fragments.pages import with_fragments
from shop.forms import CommentForm, EnquiryForm
from shop.models import Product


@require_safe
@cache_control(public=True, max_age=60)
@gzip_page
def product_list(request):
    """One page per language and per coding: Vary: Accept-Language, Accept-Encoding."""
    return render(request, "shop/list.html", {"products": Product.objects.all()})


def product_etag(request, slug):
    product = Product.objects.filter(slug=slug).first()
    if product is None:
        return None
    said = product.comments.count()
    return f'"{slug}-{get_language()}-{product.updated.timestamp()}-{said}"'


def product_modified(request, slug):
    product = Product.objects.filter(slug=slug).first()
    if product is None:
        return None
    newest = product.comments.last()
    return max(product.updated, newest.created) if newest else product.updated


@require_safe
@cache_control(public=True, max_age=60)
@condition(etag_func=product_etag, last_modified_func=product_modified)
def product(request, slug):
    """Public, one per language, with both validators."""
    return render(request, "shop/product.html", {"product": get_object_or_404(Product, slug=slug)})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(public=True, max_age=1)
@condition(etag_func=product_etag)
def stock(request, slug):
    """How many are left: fresh for a second, then worth a conditional request. POST sets it."""
    found = get_object_or_404(Product, slug=slug)
    if request.method == "POST":
        found.stock = int(request.POST["stock"])
        found.save()
    return JsonResponse({"product": slug, "stock": found.stock})


@require_http_methods(["GET", "POST"])
def comment(request, slug):
    """A form with a CSRF token. A comment that is taken leads back to the product."""
    found = get_object_or_404(Product, slug=slug)
    form = CommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.instance.product = found
        form.save()
        return redirect("product", slug=slug)
    return render(request, "shop/comment.html", {"product": found, "form": form})


@require_safe
@cache_page(60)
@vary_on_cookie  # cache_page runs before the session middleware has its say, and would mix up visitors itself
def bestsellers(request):
    """Fresh for a minute, but it looks at the session: Vary: Cookie is all that keeps visitors apart."""
    context = {"products": Product.objects.all()[:3], "cart": request.session.get("cart", {})}
    return render(request, "shop/bestsellers.html", context)


@require_safe
@with_fragments
@cache_control(public=True, max_age=300)
def offers(request):
    """One page for everybody, with a visitor's cart and two lists in it that live shorter than the page."""
    return render(request, "shop/offers.html", {"products": Product.objects.all()})


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request):
    """A form with a CSRF token, the same for everybody but for that. Thanks are said once, to the sender."""
    form = EnquiryForm(request.POST or None)
    if form.is_valid():
        form.save()
        messages.success(request, "Thank you")
        return redirect("contact")
    return render(request, "shop/contact.html", {"form": form})


class CartView(View):
    """A cart in the session. It says nothing of caching, as most views do not."""

    def get(self, request):
        return render(request, "shop/cart.html", {"cart": request.session.get("cart", {})})

    def post(self, request):
        found = get_object_or_404(Product, slug=request.POST["product"])
        cart = request.session.get("cart", {})
        cart[found.slug] = cart.get(found.slug, 0) + 1
        request.session["cart"] = cart
        return redirect("cart")


@login_required
def account(request):
    """Who is logged in."""
    return render(request, "shop/account.html")
