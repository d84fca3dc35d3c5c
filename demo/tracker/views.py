from django import VERSION
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views import View

from mizan_htmx import affects

from . import reads
from .mizan import ACTIVITY, BOARD, COLUMN, counted, log
from .models import Board, Card, Label

# Partials came to Django with 6.0. Below it, a template of its own stands in for one.
PARTIALS = VERSION >= (6, 0)


class Login(auth_views.LoginView):
    template_name = "tracker/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs):
        return super().get_context_data(people=reads.people(), **kwargs)


def tour(request: HttpRequest) -> HttpResponse:
    """What there is to see; for everybody."""
    board = Board.objects.first()
    card = Card.objects.filter(column__board=board, archived=False).first()
    return render(request, "tracker/tour.html", {"board": board, "card": card})


@login_required
def boards(request: HttpRequest) -> HttpResponse:
    boards = list(Board.objects.select_related("lead"))
    ids = [board.pk for board in boards]
    stats = reads.stats_of(ids)
    columns = {pk: [] for pk in ids}
    for column in reads.summaries_of(ids):
        columns[column.board_id].append(column)
    rows = [(board, stats[board.pk], columns[board.pk]) for board in boards]
    return render(request, "tracker/boards.html", {"rows": rows})


@login_required
def board(request: HttpRequest, pk: int) -> HttpResponse:
    board = get_object_or_404(reads.board_with_cards(), pk=pk)
    return render(request, "tracker/board.html", {"board": board, "partials": PARTIALS})


@login_required
def islands(request: HttpRequest, pk: int) -> HttpResponse:
    """Fragments and islands side by side; where the islands were not built, the fragments."""
    board = get_object_or_404(Board.objects.select_related("lead"), pk=pk)
    page = {"board": board, "built": finders.find("islands/react.js") is not None}
    return render(request, "tracker/islands.html", page)


@login_required
def card(request: HttpRequest, pk: int) -> HttpResponse:
    card = get_object_or_404(reads.cards_with_neighbours(), pk=pk)
    # A board asks for the card alone, to show it in its drawer.
    name = "tracker/_card_page.html" if request.htmx else "tracker/card.html"
    return render(request, name, {"card": card, "board": card.board})


@login_required
def work(request: HttpRequest) -> HttpResponse:
    return render(request, "tracker/work.html")


# ── views as they might have stood here for years: none of them knows of fragments ──


def filtered(request: HttpRequest, board: Board):
    cards = reads.cards_with_neighbours().filter(column__board=board)
    given = request.GET
    if words := given.get("q", "").strip():
        cards = cards.filter(title__icontains=words)
    if given.get("person", "").isdecimal():
        cards = cards.filter(assignee=given["person"])
    if given.get("label", "").isdecimal():
        cards = cards.filter(pk__in=Card.objects.filter(labels=given["label"]).values("pk"))
    if given.get("state") in ("open", "done"):
        cards = cards.filter(done=given["state"] == "done")
    return cards.order_by("column__position", "position", "pk")


@login_required
def table(request: HttpRequest, pk: int) -> HttpResponse:
    board = get_object_or_404(Board.objects.select_related("lead"), pk=pk)
    choices = {"people": reads.people(), "labels": Label.objects.all()}
    page = {"board": board, "cards": filtered(request, board), **choices}
    return render(request, "tracker/table.html", page)


@login_required
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    board = get_object_or_404(Board, pk=pk)
    return render(request, "tracker/_rows.html", {"cards": filtered(request, board)})


# It answers a POST with a redirect, as Django's own views do. Added were the line above its name
# and the loop over the columns. That line is for `post` alone: around the whole class it would
# stand outside of the mixin, and take its redirect to the login for a write.
@method_decorator(affects(BOARD, ACTIVITY, board_id="pk"), name="post")
class ArchiveDone(LoginRequiredMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        board = get_object_or_404(Board, pk=pk)
        cards = Card.objects.filter(column__board=board, done=True, archived=False).order_by()
        for column_id in cards.values_list("column", flat=True).distinct():
            COLUMN.invalidate(column_id=column_id)
        if count := cards.update(archived=True):
            log(request, board.pk, f"archived {counted(count, 'done card')}")
        return redirect("board", pk=board.pk)
