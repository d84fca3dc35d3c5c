"""What the state machine reads and writes: tallies for all, and one of each user's own."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from mizan_htmx import Context, mutation
from tests.browser.flight import FLIGHT
from tests.browser.models import Tally

FATES = ["commit", "invalid", "refused"]
NUMBERS = [1, 2]

tallies = Context("tally")
purses = Context("purse", auth="authenticated")


def read(n, owner=""):
    return Tally.objects.filter(owner=owner, n=n).values_list("value", flat=True).first() or 0


def add(n, owner=""):
    row, _ = Tally.objects.get_or_create(owner=owner, n=n)
    Tally.objects.filter(pk=row.pk).update(value=F("value") + 1)
    return read(n, owner)


@tallies.query
def tally(request, n: int) -> int:
    return read(n)


@purses.query
def purse(request) -> str:
    return f"{request.user.username} {read(1, request.user.username)}"


@mutation(affects=tallies)
def count(request, n: int, fate: str) -> int | HttpResponse:
    value = add(n)
    if fate == "invalid":
        raise ValidationError("counted, and then not")
    return HttpResponse("refused", status=409) if fate == "refused" else value


@mutation(affects=purses, auth="authenticated")
def count_mine(request) -> int:
    return add(1, request.user.username)


def counted(request, n, fate):
    """The same as a view of the project's own."""
    with transaction.atomic():
        value = add(n)
        tallies.invalidate(n=n)
        transaction.set_rollback(fate != "commit")
    return HttpResponse(f"<q>{value}</q>", status=422 if fate == "invalid" else 200)


def page(request):
    context = {
        "htmx": request.GET["htmx"],
        "two": tallies(n=2),
        "second": read(2),
        "tallies": NUMBERS,
        "fates": FATES,
        "csp_nonce": "page",
    }
    return render(request, "pages/machine.html", context)


def shown(request, n):
    return HttpResponse(f"<u>{read(n)}</u>")


def reset(request, flight):
    """Begin anew, with single flight or without."""
    Tally.objects.all().delete()
    if flight == "flight":
        FLIGHT.enable()
    else:
        FLIGHT.disable()
    return HttpResponse(status=204)


def truth(request):
    """What stands in the database."""
    return JsonResponse({f"{row.owner or row.n}": row.value for row in Tally.objects.all()})
