"""What the browser tests read and write: numbers in memory, so that only the road is tested."""

from collections import Counter

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse

from mizan_htmx import Context, mutation
from tests.browser import tallies

__all__ = ["tallies"]

NUMBERS: Counter[int] = Counter()
FAULTS: dict[int, Exception] = {}

number = Context("number")
total = Context("total")
secret = Context("secret", auth="authenticated")


@number.query
def value(request, n: int) -> int:
    if n in FAULTS:
        raise FAULTS[n]
    return NUMBERS[n]


@total.query
def sum_of_all(request) -> int:
    return sum(NUMBERS.values())


@secret.query
def word(request) -> str:
    return f"for {request.user.username}"


@mutation(affects=number)
def bump(request, n: int, by: int = 1) -> int:
    if by < 0:
        raise ValidationError({"by": "only upwards"})
    NUMBERS[n] += by
    return NUMBERS[n]


@mutation(affects=[number, total])
def shout(request, n: int) -> HttpResponse:
    NUMBERS[n] += 1
    return HttpResponse(f"<em>shouted {NUMBERS[n]}</em>")


@mutation(affects=number)
def bump_all(request) -> None:
    for n in range(1, 31):
        NUMBERS[n] += 1


@mutation(affects=number)
def shout_all(request) -> HttpResponse:
    for n in range(1, 31):
        NUMBERS[n] += 1
    return HttpResponse("<em>shouted at all</em>")


@mutation(affects=total, auth="authenticated")
def only_members(request) -> int:
    return 1


@mutation
def absent(request) -> None:
    raise Http404


FAULT = {403: PermissionDenied(), 404: Http404(), 500: RuntimeError("fault")}
