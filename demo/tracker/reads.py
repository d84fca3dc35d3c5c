"""The ORM queries, in one place for views and contexts alike."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.contrib.auth import get_user_model
from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from .models import Activity, Board, Card, Column, Comment, Notice
from .shapes import Day, Stats

ENTRIES_SHOWN = 20
CARDS_SHOWN = 100  # of one person's; a board shows all
DAYS_SHOWN = 14


def people() -> QuerySet:
    return get_user_model().objects.order_by("pk")


def cards() -> QuerySet[Card]:
    return (
        Card.objects.filter(archived=False)
        .select_related("assignee")
        .prefetch_related("labels")
        .annotate(comment_count=Count("comments"))
        .order_by("position", "pk")  # a count drops the order of Meta
    )


def board_with_cards() -> QuerySet[Board]:
    return Board.objects.select_related("lead").prefetch_related(
        "columns", Prefetch("columns__cards", cards())
    )


def columns_with_cards() -> QuerySet[Column]:
    return Column.objects.select_related("board").prefetch_related(
        "board__columns", Prefetch("cards", cards())
    )


def cards_with_neighbours() -> QuerySet[Card]:
    return cards().select_related("column__board").prefetch_related("column__board__columns")


def stats_of(board_ids: Iterable[int]) -> dict[int, Stats]:
    """The figures of several boards, by board id, in one query."""
    shown = Q(columns__cards__archived=False)
    done = shown & Q(columns__cards__done=True)
    still_open = shown & Q(columns__cards__done=False)
    rows = Board.objects.filter(pk__in=board_ids).values(
        board_id=F("pk"),
        open=Count("columns__cards", filter=still_open),
        done=Count("columns__cards", filter=done),
        total=Count("columns__cards", filter=shown),
        points=Coalesce(Sum("columns__cards__points", filter=still_open), 0),
    )
    return {row.pop("board_id"): Stats(**row) for row in rows}


def summaries_of(board_ids: Iterable[int]) -> QuerySet[Column]:
    shown = Q(cards__archived=False)
    return Column.objects.filter(board__in=board_ids).annotate(count=Count("cards", filter=shown))


def burn_down_of(board_id: int, today: date) -> list[Day]:
    """What was open at the end of each of the last days; with what was archived since."""
    cards = list(
        Card.objects.filter(column__board=board_id).values_list("done", "finished", "points")
    )

    def at(day: date) -> Day:
        still = [points for done, finished, points in cards if not done or (finished or day) > day]
        return Day(day=day, open=len(still), points=sum(still))

    return [at(today - timedelta(days=ago)) for ago in reversed(range(DAYS_SHOWN))]


def entries_of(board_id: int) -> QuerySet[Activity]:
    return Activity.objects.filter(board=board_id).select_related("actor")[:ENTRIES_SHOWN]


def comments_of(card_id: int) -> QuerySet[Comment]:
    return Comment.objects.filter(card=card_id).select_related("author")


def open_cards_of(user_id: int) -> QuerySet[Card]:
    mine = Card.objects.filter(assignee=user_id, archived=False, done=False)
    return mine.order_by(F("due").asc(nulls_last=True), "pk")


def work_of(user_id: int) -> QuerySet[Card]:
    return (
        cards_with_neighbours()
        .filter(pk__in=open_cards_of(user_id).values("pk"))
        .order_by("column__board", F("due").asc(nulls_last=True), "pk")
    )


def notices_of(user_id: int) -> QuerySet[Notice]:
    return Notice.objects.filter(person=user_id).select_related("actor", "card")
