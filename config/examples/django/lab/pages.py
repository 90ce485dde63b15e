"""Small pages: what arrived, and answers with the header fields that were asked for."""
import time

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from lab import tally

BIG_FIELD = 6 * 1024
BIG_COOKIE = 3500


def show_tally(request):
    """What this one server has counted; meant to be asked without a gateway in between."""
    response = JsonResponse(tally.snapshot())
    response["Cache-Control"] = "no-store"
    return response


@csrf_exempt
def echo(request):
    """The request as the app sees it, byte for byte where WSGI still knows the bytes."""
    response = JsonResponse(
        {
            "method": request.method,
            "raw": request.META.get("RAW_URI", ""),
            "host": request.META.get("HTTP_HOST", ""),
            "secure": request.is_secure(),
            "absolute": request.build_absolute_uri("/x"),
            "meta": {name: value for name, value in request.META.items() if isinstance(value, str)},
            "body": request.body.decode("latin-1"),
        }
    )
    response["Cache-Control"] = "no-store"
    return response


@csrf_exempt
def page(request):
    """A page with the freshness that the query asks for.

    cc: Cache-Control; vary: Vary; cookie: a cookie to set; delay: milliseconds of "database" time;
    status: the status code. Without cc nothing is said about freshness. The visitor named by the
    cookie `who` is greeted, whatever cc says: with cc=private the gateway must keep visitors apart.
    """
    asked = request.GET
    who = request.COOKIES.get("who", "anybody")
    time.sleep(int(asked.get("delay", 0)) / 1000)
    response = HttpResponse(f"page {asked.get('n', '')} for {who}\n", status=int(asked.get("status", 200)))
    if "cc" in asked:
        response["Cache-Control"] = asked["cc"]
    if "vary" in asked:
        response["Vary"] = asked["vary"]
    if "cookie" in asked:
        response.set_cookie("lab", asked["cookie"])
    return response


class Allowing(View):
    """Django answers OPTIONS for a class-based view by itself."""

    def get(self, request):
        return HttpResponse("only GET\n")


def redirect_to(request):
    """Location exactly as asked."""
    response = HttpResponse(status=int(request.GET.get("status", 302)))
    response["Location"] = request.GET["to"]
    return response


@csrf_exempt
def nothing(request):
    return HttpResponse(status=204)


@never_cache
def big_headers(request):
    """Three fields of 6 KB and three big cookies."""
    response = HttpResponse("big\n")
    for name in "abc":
        response[f"X-Big-{name}"] = name * BIG_FIELD
        response.set_cookie(f"big-{name}", name * BIG_COOKIE)
    return response
