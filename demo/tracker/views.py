from django.contrib.auth import get_user_model
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from mizan_htmx import affects

from . import reads
from .mizan import ACTIVITY, BOARD, COLUMN, counted, log
from .models import Board, Card


class Login(auth_views.LoginView):
    template_name = "tracker/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs):
        people = get_user_model().objects.order_by("pk")
        return super().get_context_data(people=people, **kwargs)


@login_required
def boards(request: HttpRequest) -> HttpResponse:
    boards = list(Board.objects.all())
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
    return render(request, "tracker/board.html", {"board": board})


# A view as it might have stood here for years: it answers a POST with a redirect and knows nothing
# of fragments. Added were the line above its name and the loop over the columns.
@login_required
@require_POST
@affects(BOARD, ACTIVITY, board_id="pk")
def archive_done(request: HttpRequest, pk: int) -> HttpResponse:
    board = get_object_or_404(Board, pk=pk)
    cards = Card.objects.filter(column__board=board, done=True, archived=False).order_by()
    for column_id in cards.values_list("column", flat=True).distinct():
        COLUMN.invalidate(column_id=column_id)
    if count := cards.update(archived=True):
        log(request, board.pk, f"archived {counted(count, 'done card')}")
    return redirect("board", pk=board.pk)
