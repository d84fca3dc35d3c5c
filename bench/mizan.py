"""The typed work, in ours: one write and one list. peers.py does the same in two others."""

import datetime

from django.http import HttpRequest
from pydantic import BaseModel

from bench.models import Card
from mizan_htmx import Context, mutation

BOARD = Context("board", auth="authenticated")
CARD = Context("card")


class CardOut(BaseModel):
    id: int
    lane: str
    title: str
    assignee: str
    points: int
    done: bool
    due: datetime.date | None


@BOARD.query
def cards(request: HttpRequest, board_id: int, done: bool = False) -> list[CardOut]:
    return Card.objects.filter(board_id=board_id, done=done)


@CARD.query
def card(request: HttpRequest, card_id: int) -> CardOut:
    return Card.objects.get(pk=card_id)


@mutation(affects=BOARD, auth="authenticated")
def add_card(
    request: HttpRequest, board_id: int, title: str, points: int, due: datetime.date | None
) -> CardOut:
    return Card.objects.create(board_id=board_id, title=title, points=points, due=due)


@mutation(affects=CARD)
def toggle_card(request: HttpRequest, card_id: int) -> None:
    """A button on the page; nobody presses it here."""
