"""Pages with fragments: put together by the gateway where one offers to (ESI 1.0), and by Django itself where none does."""
import copy
import logging
import re
from functools import wraps

from django.http import QueryDict
from django.urls import get_script_prefix, resolve
from django.utils.cache import get_max_age, patch_cache_control, patch_vary_headers
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

CAPABILITY = "ESI/1.0"
# They ask for something of the page: for a part of it, another form, or only if it has changed.
OF_THE_PAGE = re.compile("HTTP_(IF_.*|RANGE|ACCEPT_ENCODING)")
OF_ITS_FORMS = ("CSRF_COOKIE", "CSRF_COOKIE_USED")

log = logging.getLogger(__name__)


def with_fragments(view):
    """Decorates a view whose template has {% fragment %}: outside of cache_control, inside of cache_page."""

    @wraps(view)
    def page(request, *args, **kwargs):
        request.fragments = Fragments(request)
        response = view(request, *args, **kwargs)
        if hasattr(response, "add_post_render_callback"):
            response.add_post_render_callback(request.fragments.mark)
        else:
            request.fragments.mark(response)
        return response

    return page


class Fragments:
    """Those of one page."""

    def __init__(self, request):
        self._request = request
        offered = re.findall(r'[^\s,="]+', request.headers.get("Surrogate-Capability", ""))
        self._left_to_gateway = CAPABILITY in offered
        self._shown = []

    def show(self, target, **attributes):
        """What stands in the page for the fragment at this address. Attributes are those of esi:include."""
        if self._left_to_gateway:
            return format_html('<esi:include src="{}"{}/>', target, format_html_join("", ' {}="{}"', attributes.items()))
        return mark_safe(self._content(target, attributes.get("onerror") == "continue"))

    def mark(self, response):
        """Says in the page's head who has to fill it in, and what that makes of it for caches."""
        patch_vary_headers(response, ["Surrogate-Capability"])
        if self._left_to_gateway:
            response["Surrogate-Control"] = f'content="{CAPABILITY}"'
        for part in self._shown:
            # What was shown may be the visitor's own, and the page is no fresher than it.
            patch_cache_control(response, private=True, max_age=get_max_age(part) or 0)
            patch_vary_headers(response, [name.strip() for name in part.get("Vary", "").split(",") if name.strip()])

    def _content(self, target, may_fail):
        try:
            response = self._answer(target)
        except Exception:
            if not may_fail:
                raise
            log.exception("no fragment %s", target)
            return ""
        self._shown.append(response)
        return response.content.decode(response.charset)

    def _answer(self, target):
        """Calls the view as the gateway would, for the same visitor."""
        page = self._request
        part = copy.copy(page)
        part.path, part.path_info = target, target[len(get_script_prefix()) - 1:]
        part.method, part.GET, part.POST = "GET", QueryDict(), QueryDict()
        part.META = {name: value for name, value in page.META.items() if not OF_THE_PAGE.fullmatch(name)}
        view, args, kwargs = part.resolver_match = resolve(part.path_info)
        response = view(part, *args, **kwargs)
        if response.status_code != 200:
            raise LookupError(f"fragment {target}: status {response.status_code}")
        page.META.update({name: part.META[name] for name in OF_ITS_FORMS if name in part.META})
        return response.render() if hasattr(response, "render") else response
