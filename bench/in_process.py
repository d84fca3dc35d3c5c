"""What the middleware itself costs: around a view that does nothing, without a server."""

from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from bench.report import Row, Table
from bench.timing import added, in_turn, repeated
from bench.views import record_five
from mizan_htmx.middleware import MizanMiddleware


def nothing(request):
    return HttpResponse()


def five(request):
    record_five()
    return HttpResponse()


def measure(number, rounds):
    get, post = RequestFactory().get("/bare/"), RequestFactory().post("/bare/")
    get.resolver_match = post.resolver_match = resolve("/bare/")
    behind, behind_five = MizanMiddleware(nothing), MizanMiddleware(five)
    contenders = {
        "without": lambda: nothing(get),
        "nothing recorded": lambda: behind(get),
        "five keys": lambda: behind_five(post),
    }
    turns = in_turn({name: repeated(f, number) for name, f in contenders.items()}, rounds)
    rows = [
        Row("nothing recorded", 1e6 * added(turns, "nothing recorded", "without"), "µs", most=10),
        Row("five keys made, recorded, written", 1e6 * added(turns, "five keys", "without"), "µs"),
    ]
    return [Table("The middleware alone, in process", rows)]
