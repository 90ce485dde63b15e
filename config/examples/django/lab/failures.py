"""Answers that go wrong on demand."""
from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

SWITCH = settings.DATA_DIR / "switched-off"


@csrf_exempt
def fail(request):
    """Answers with the status asked for; with `only`, on that one app server, and 200 on the other."""
    if request.GET.get("only", settings.SERVED_BY) != settings.SERVED_BY:
        return HttpResponse("fine here\n")
    status = int(request.GET.get("status", 503))
    return HttpResponse(f"failed with {status}\n", status=status, headers={"Retry-After": "7"})


def crash(request):
    """Django's own 500 page."""
    raise RuntimeError("crashed, as asked")


@csrf_exempt
@require_POST
def switch(request):
    """state=off makes /lab/switched/ fail on all app servers, state=on heals it."""
    if request.POST["state"] == "off":
        SWITCH.touch()
    else:
        SWITCH.unlink(missing_ok=True)
    return HttpResponse(status=204)


def switched(request):
    """Fresh for a second while switched on, 503 while off."""
    if SWITCH.exists():
        return HttpResponse("switched off\n", status=503)
    return HttpResponse("switched on\n", headers={"Cache-Control": "public, max-age=1"})


def health(request):
    """Well, unless there is a file that says the contrary of this one app server."""
    ailing = (settings.DATA_DIR / f"unhealthy-{settings.SERVED_BY}").exists()
    return HttpResponse("ailing\n" if ailing else "well\n", status=503 if ailing else 200)
