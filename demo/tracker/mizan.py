"""What each piece of a page reads, and what each write makes stale.

Found by itself, as admin.py is. Four contexts, from wide to narrow:

    BOARD     board_id    figures of a whole board
    COLUMN    column_id   which cards stand where: a move touches two of these
    CARD      card_id     one card: most writes touch one of these
    ACTIVITY  board_id    what happened lately

They are written in capitals because a context and its query may share a name: the query `card`
of CARD is the variable `card` of its fragments.
"""

from itertools import cycle

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from mizan_htmx import Context, mutation

from . import reads
from .models import Activity, Board, Card, clean_title
from .shapes import Assigned, CardOut, ColumnOut, ColumnSummary, Entry, Gone, Stats

BOARD = Context("board", auth="authenticated")
COLUMN = Context("column", auth="authenticated")
CARD = Context("card", auth="authenticated")
ACTIVITY = Context("activity", auth="authenticated")


# ── reads ──


@BOARD.query
def stats(request: HttpRequest, board_id: int) -> Stats:
    board = get_object_or_404(Board, pk=board_id)
    return reads.stats_of([board.pk])[board.pk]


@BOARD.query
def columns(request: HttpRequest, board_id: int) -> list[ColumnSummary]:
    return reads.summaries_of([board_id])


@COLUMN.query
def column(request: HttpRequest, column_id: int) -> ColumnOut:
    return reads.columns_with_cards().get(pk=column_id)


@CARD.query
def card(request: HttpRequest, card_id: int) -> CardOut:
    return reads.cards_with_neighbours().get(pk=card_id)


@ACTIVITY.query
def entries(request: HttpRequest, board_id: int) -> list[Entry]:
    return reads.entries_of(board_id)


# ── writes ──


def log(request: HttpRequest, board_id: int, text: str) -> None:
    now = timezone.now()
    Activity.objects.create(board_id=board_id, actor=request.user, text=text, created=now)


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def where(card: Card) -> dict[str, int]:
    """For affects_params: each affected context takes from it the parameters it has."""
    return {"card_id": card.pk, "column_id": card.column_id, "board_id": card.board_id}


def find(card_id: int) -> Card:
    return reads.cards_with_neighbours().get(pk=card_id)


# Its arguments carry the parameters of all three, so nothing more needs to be said.
@mutation(affects=[BOARD, COLUMN, ACTIVITY], auth="authenticated")
def add_card(request: HttpRequest, board_id: int, column_id: int, title: str) -> CardOut:
    column = reads.columns_with_cards().get(pk=column_id, board=board_id)
    title = clean_title(title)
    card = Card.objects.create(column=column, title=title, position=column.next_position())
    log(request, board_id, f"added “{card}” to {column}")
    return card


# A toggle leaves its column alone: the cards around it neither move nor change.
@mutation(affects=[CARD, BOARD, ACTIVITY], affects_params=where, auth="authenticated")
def toggle_card(request: HttpRequest, card_id: int) -> CardOut:
    card = find(card_id)
    card.done = not card.done
    card.save(update_fields=["done"])
    log(request, card.board_id, f"{'finished' if card.done else 'reopened'} “{card}”")
    return card


# `where` names the column the card stands in now; only this function knows the one it left.
@mutation(affects=[CARD, COLUMN, BOARD, ACTIVITY], affects_params=where, auth="authenticated")
def move_card(request: HttpRequest, card_id: int, column_id: int) -> CardOut:
    card = find(card_id)
    COLUMN.invalidate(column_id=card.column_id)
    card.column = reads.columns_with_cards().get(pk=column_id, board=card.board_id)
    card.position = card.column.next_position()
    card.save(update_fields=["column", "position"])
    log(request, card.board_id, f"moved “{card}” to {card.column}")
    return card


@mutation(affects=[CARD, ACTIVITY], affects_params=where, auth="authenticated")
def rename_card(request: HttpRequest, card_id: int, title: str) -> CardOut:
    card = find(card_id)
    before, card.title = card.title, clean_title(title)
    if card.title != before:
        card.save(update_fields=["title"])
        log(request, card.board_id, f"renamed “{before}” to “{card}”")
    return card


@mutation(affects=[CARD, ACTIVITY], affects_params=where, auth="authenticated")
def take_card(request: HttpRequest, card_id: int) -> CardOut:
    card = find(card_id)
    card.assignee = request.user
    card.save(update_fields=["assignee"])
    log(request, card.board_id, f"took “{card}”")
    return card


@mutation(affects=[CARD, COLUMN, BOARD, ACTIVITY], affects_params=dict, auth="authenticated")
def delete_card(request: HttpRequest, card_id: int) -> Gone:
    card = find(card_id)
    gone = where(card)
    card.delete()
    log(request, gone["board_id"], f"deleted “{card}”")
    return gone


# Called from plain JavaScript (static/tracker/tracker.js), which shows the count.
@mutation(affects=ACTIVITY, auth="authenticated")
def assign_open(request: HttpRequest, board_id: int) -> Assigned:
    """Hand the open cards that nobody has to the people, one after another."""
    people = cycle(get_user_model().objects.order_by("pk"))
    nobodys = list(reads.cards().filter(column__board=board_id, done=False, assignee=None))
    for card in nobodys:
        card.assignee = next(people)
        CARD.invalidate(card_id=card.pk)
    Card.objects.bulk_update(nobodys, ["assignee"])
    if nobodys:
        log(request, board_id, f"assigned {counted(len(nobodys), 'open card')}")
    return Assigned(count=len(nobodys))
