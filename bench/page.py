"""The page of 500 cards, each a fragment of its own, beside the same page without the library."""

from functools import partial
from statistics import median

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from bench import views
from bench.report import Row, Table
from bench.timing import in_turn, ratio, repeated

TEMPLATES = {"bare": "bench/bare.html", "with fragments": "bench/mizan.html"}


def measure(number, rounds):
    counts = {name: queries(template) for name, template in TEMPLATES.items()}
    contenders = {n: repeated(partial(render, t), number) for n, t in TEMPLATES.items()}
    turns = in_turn(contenders, rounds)
    bare, ours = (
        Row(name, 1e3 * median(turns[name]), "ms", ratio(turns, name, "bare")) for name in TEMPLATES
    )
    ours.most = 1.5
    rows = [bare, ours, *(Row(f"{name}, its queries", n, "") for name, n in counts.items())]
    rows[-1].most = 12
    return [Table("A page of 500 cards, rendered in process", rows, "Time, of bare")]


def render(template):
    """What is new for each request is new here."""
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return views.page(request, template)


def queries(template):
    """How many queries a page makes that is rendered for the second time."""
    assert render(template).content.decode().count('class="card"') == 500
    with CaptureQueriesContext(
        connection,
    ) as captured:
        render(template)
    return len(captured)
