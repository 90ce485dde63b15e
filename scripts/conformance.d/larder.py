"""Larder's own words, in one place: what its response fields and metrics look like."""
import re

HIT, MISS, STALE, BYPASS = "HIT", "MISS", "STALE", "BYPASS"
VIA = "1.1 larder"
REQUEST_METRIC = re.compile(r"^larder_\w*requests\w*(?:\{.*\})? ([0-9.eE+]+)", re.MULTILINE)
SAMPLE = r"^{}(?:\{{.*\}})? ([0-9.eE+]+)"
TROUBLE_IN_LOG = re.compile(r"LEAK:|^\tat [\w.$/]+\(|NullPointerException|AssertionError|OutOfMemoryError", re.MULTILINE)


class CacheStatus(dict):
    """The member that Larder wrote into Cache-Status (RFC 9211), its parameters by name; `hit` is True."""


def cache_status(response):
    for member in response.get("Cache-Status").split(","):
        name, *parameters = [part.strip() for part in member.split(";")]
        if name.strip('"') == "larder":
            pairs = (parameter.partition("=") for parameter in parameters)
            return CacheStatus((key, value.strip('"') if equals else True) for key, equals, value in pairs)
    return CacheStatus()


def cache(response):
    """HIT, MISS, STALE or BYPASS."""
    return response.get("X-Cache")


def is_hit(response):
    return cache_status(response).get("hit") is True and cache(response) == HIT


def was_revalidated(response):
    """Answered from the store after the origin said 304."""
    status = cache_status(response)
    return status.get("fwd") == "stale" and status.get("fwd-status") == "304"


def requests_counted(metrics):
    """The sum of the request counters in Prometheus text."""
    return sum(float(value) for value in REQUEST_METRIC.findall(metrics))


def counted(metrics, name):
    """The sum over all labels of one metric in Prometheus text."""
    return sum(float(value) for value in re.findall(SAMPLE.format(name), metrics, re.MULTILINE))


def states(gateway):
    """The state of each server of each upstream, by its address."""
    upstreams = gateway.admin.get("/v1/upstreams").json()["upstreams"]
    return {server["address"]: server["state"] for upstream in upstreams for server in upstream["servers"]}
