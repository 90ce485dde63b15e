"""A page with any holes."""
from django.http import HttpResponse
from django.utils.html import format_html, format_html_join

ATTRIBUTES = ("alt", "onerror", "maxwait", "ttl")


def page(request):
    """A hole for each `src` of the query, in brackets, in order; all have the attributes that the query gives.

    src=self: the page itself; cc: Cache-Control.
    """
    asked = request.GET
    attributes = format_html_join("", ' {}="{}"', [(name, asked[name]) for name in ATTRIBUTES if name in asked])
    sources = [request.get_full_path() if src == "self" else src for src in asked.getlist("src")]
    holes = [format_html('[<esi:include src="{}"{}/>]', src, attributes) for src in sources]
    response = HttpResponse(["<!DOCTYPE html>\n<p>", *holes, "</p>\n"])
    response["Cache-Control"] = asked.get("cc", "public, max-age=60")
    response["Surrogate-Control"] = 'content="ESI/1.0"'
    response["ETag"] = '"of-the-template"'
    return response
