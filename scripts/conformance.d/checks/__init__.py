"""All checks, in the order in which they run: what is gentle first, what kills processes last."""
from checks import pages, sharing, variants, privacy, fragments, forms, browser, forwarding, bodies, large, wire, operations, starting, failures, lifecycle  # noqa: F401
