"""All checks, in the order in which they run: what is gentle first, what kills processes last."""
from checks import (  # noqa: F401
    pages, sharing, variants, privacy, fragments, forms, browser, secure, forwarding, bodies, large, wire, operations, starting,
    upstreams, reloading, failures, lifecycle,
)
