"""Marks each answer with the server that made it, and counts what reached this server."""
import uuid

from django.conf import settings

from lab import tally


class CountedAndSigned:
    """The outermost layer: it sees each request that arrived here and the answer as it leaves."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        target = request.META.get("RAW_URI", request.get_full_path())
        tally.add(f"{request.method} {target} {response.status_code}")
        response["X-Served-By"] = settings.SERVED_BY
        if response.status_code != 304:
            # One value per rendering, so that two equal values prove a stored page. A 304 renders nothing.
            response["X-Rendered"] = uuid.uuid4().hex
        return response
