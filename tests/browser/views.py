"""Pages of the browser tests, and htmx in the version a page asks for."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model, login, logout
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from mizan_htmx import affects
from tests.browser import HTMX
from tests.browser.flight import FLIGHT
from tests.browser.mizan import FAULT, FAULTS, NUMBERS, number


def page(request, name):
    version = request.GET.get("htmx", "2.0.11")
    context = {
        "htmx": version,
        "config": request.GET.get("config", ""),
        "ones": range(12),
        "others": range(100, 130),
        "cards": range(100),
        "shown": range(1, int(request.GET.get("shown", 10)) + 1),
        "key": number(n=1),
        "csp_nonce": "page",
    }
    response = render(request, f"pages/{name}.html", context)
    if "csp" in request.GET:
        response["Content-Security-Policy"] = (
            "default-src 'self'; script-src 'nonce-page'; style-src 'self' 'unsafe-inline';"
            " require-trusted-types-for 'script'; trusted-types default"
        )
    return response


def htmx(request, version):
    return FileResponse(Path(HTMX[version]).open("rb"), content_type="text/javascript")


@affects(number, n="which")
def old(request, which):
    NUMBERS[which] += 1
    return redirect("landing")


def landing(request):
    return HttpResponse("landed")


class Old(View):
    def post(self, request, which):
        NUMBERS[which] += 1
        return HttpResponse(f"<s>{NUMBERS[which]}</s>")


@affects(number, n="which")
async def later(request, which):
    NUMBERS[which] += 1
    return HttpResponse(f"<q>{NUMBERS[which]}</q>")


def rows(request):
    return HttpResponse(f"<td>{NUMBERS[1]} rows</td>")


def login_as(request, name):
    user, _ = get_user_model().objects.get_or_create(username=name)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponse("in")


def sign_in(request):
    return HttpResponse("<h1>Sign in</h1><form id=login-form></form>")


def sign_out(request):
    logout(request)
    return HttpResponse("out")


@csrf_exempt
def gone(request):
    NUMBERS[1] += 1
    number.invalidate(n=1)
    return HttpResponse("", status=200)


def to_login(request):
    return HttpResponseRedirect("/login/?next=/x/")


def state(request, what):
    """Set what stands in this process's memory, for a test that stands in another."""
    match what.split("/"):
        case ["reset"]:
            NUMBERS.clear()
            FAULTS.clear()
            settings.DEBUG = False
            FLIGHT.disable()
        case ["number", n, value]:
            NUMBERS[int(n)] = int(value)
        case ["fault", n, status]:
            FAULTS[int(n)] = FAULT[int(status)]
        case ["debug"]:
            settings.DEBUG = True
        case ["flight"]:
            FLIGHT.enable()
    return HttpResponse(status=204)
