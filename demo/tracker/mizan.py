"""What each piece of a page reads, and what each write makes stale.

Found by itself, as admin.py is. The contexts, from wide to narrow:

    BOARD     board_id    figures of a whole board, and for islands its cards and days
    COLUMN    column_id   which cards stand where: a move touches two of these
    CARD      card_id     one card as the boards show it: most writes touch one of these
    DETAILS   card_id     what the form of a card edits; a tick, a move or a comment leaves it alone
    COMMENTS  card_id     what was said about it
    ACTIVITY  board_id    what happened lately
    WORK      user_id     what one person has to do: only that person may read it
    INBOX     user_id     what one person was told: the same

They are written in capitals because a context and its query may share a name: the query `card`
of CARD is the variable `card` of its fragments.
"""

from datetime import date
from itertools import cycle

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from mizan_htmx import Context, mutation

from . import reads
from .models import Activity, Board, Card, Comment, Label, Notice
from .shapes import (
    Assigned,
    BoardOut,
    CardDetails,
    CardInBrief,
    CardOfMine,
    CardOut,
    ColumnOut,
    ColumnSummary,
    Day,
    Entry,
    Gone,
    Person,
    Said,
    Stats,
    Tag,
    Told,
)


def themselves(request: HttpRequest, user_id: int) -> bool:
    """A rule for auth=: nobody reads another person's work or mail."""
    return request.user.pk == user_id


BOARD = Context("board", auth="authenticated")
COLUMN = Context("column", auth="authenticated")
CARD = Context("card", auth="authenticated")
DETAILS = Context("details", auth="authenticated")
COMMENTS = Context("comments", auth="authenticated")
ACTIVITY = Context("activity", auth="authenticated")
WORK = Context("work", auth=themselves)
INBOX = Context("inbox", auth=themselves)


# ── reads ──


@BOARD.query
def about(request: HttpRequest, board_id: int) -> BoardOut:
    return Board.objects.select_related("lead").get(pk=board_id)


@BOARD.query
def stats(request: HttpRequest, board_id: int) -> Stats:
    found = reads.stats_of([board_id])
    if board_id not in found:
        raise Http404("There is no such board.")
    return found[board_id]


@BOARD.query
def columns(request: HttpRequest, board_id: int) -> list[ColumnSummary]:
    return reads.summaries_of([board_id])


@BOARD.query
def cards(request: HttpRequest, board_id: int) -> list[CardInBrief]:
    return reads.cards().filter(column__board=board_id)


@BOARD.query
def burn_down(request: HttpRequest, board_id: int) -> list[Day]:
    return reads.burn_down_of(board_id, timezone.localdate())


@COLUMN.query
def column(request: HttpRequest, column_id: int) -> ColumnOut:
    return reads.columns_with_cards().get(pk=column_id)


@CARD.query
def card(request: HttpRequest, card_id: int) -> CardOut:
    return reads.cards_with_neighbours().get(pk=card_id)


@DETAILS.query
def details(request: HttpRequest, card_id: int) -> CardDetails:
    return reads.cards_with_neighbours().get(pk=card_id)


@DETAILS.query
def people(request: HttpRequest) -> list[Person]:
    return reads.people()


@DETAILS.query
def all_labels(request: HttpRequest) -> list[Tag]:
    return Label.objects.all()


@COMMENTS.query
def comments(request: HttpRequest, card_id: int) -> list[Said]:
    return reads.comments_of(card_id)


@ACTIVITY.query
def entries(request: HttpRequest, board_id: int) -> list[Entry]:
    return reads.entries_of(board_id)


@WORK.query
def to_do(request: HttpRequest, user_id: int) -> list[CardOfMine]:
    return reads.work_of(user_id)[: reads.CARDS_SHOWN]


@WORK.query
def to_do_count(request: HttpRequest, user_id: int) -> int:
    return reads.open_cards_of(user_id).count()


@INBOX.query
def notices(request: HttpRequest, user_id: int) -> list[Told]:
    return reads.notices_of(user_id)[: reads.ENTRIES_SHOWN]


@INBOX.query
def unread(request: HttpRequest, user_id: int) -> int:
    return reads.notices_of(user_id).filter(read=False).count()


# ── what the writes share ──


def log(request: HttpRequest, board_id: int, text: str) -> None:
    now = timezone.now()
    Activity.objects.create(board_id=board_id, actor=request.user, text=text[:300], created=now)


def tell(request: HttpRequest, card: Card, text: str) -> None:
    """Tell whoever has the card, unless they did it themselves."""
    if card.assignee_id in (None, request.user.pk):
        return
    card.assignee.notices.create(actor=request.user, card=card, text=text, created=timezone.now())
    INBOX.invalidate(user_id=card.assignee_id)


def notices_changed(card: Card) -> None:
    """Of everybody who was told of the card: a notice shows its title."""
    for told in Notice.objects.filter(card=card).order_by().values("person").distinct():
        INBOX.invalidate(user_id=told["person"])


def work_changed(card: Card) -> None:
    if card.assignee_id is not None:
        WORK.invalidate(user_id=card.assignee_id)


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def where(card: Card) -> dict[str, int]:
    """For affects_params: each affected context takes from it the parameters it has."""
    return {"card_id": card.pk, "column_id": card.column_id, "board_id": card.board_id}


def find(card_id: int) -> Card:
    return reads.cards_with_neighbours().get(pk=card_id)


# ── writes ──


# Its arguments carry the parameters of all three, so nothing more needs to be said.
@mutation(affects=[BOARD, COLUMN, ACTIVITY], auth="authenticated")
def add_card(request: HttpRequest, board_id: int, column_id: int, title: str) -> CardOut:
    column = reads.columns_with_cards().get(pk=column_id, board=board_id)
    card = Card(column=column, title=title, position=column.next_position())
    card.full_clean()
    card.save()
    log(request, board_id, f"added “{card}” to {column}")
    return card


# A toggle leaves its column alone: the cards around it neither move nor change.
@mutation(affects=[CARD, BOARD, ACTIVITY], affects_params=where, auth="authenticated")
def toggle_card(request: HttpRequest, card_id: int) -> CardOut:
    card = find(card_id)
    card.done = not card.done
    card.finished = timezone.localdate() if card.done else None
    card.save(update_fields=["done", "finished"])
    log(request, card.board_id, f"{'finished' if card.done else 'reopened'} “{card}”")
    work_changed(card)
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
    work_changed(card)
    return card


# What full_clean() finds wrong is a 422 that names the fields.
@mutation(affects=[CARD, DETAILS, BOARD, ACTIVITY], affects_params=where, auth="authenticated")
def edit_card(
    request: HttpRequest,
    card_id: int,
    title: str,
    description: str,
    points: int,
    due: date | None,
    assignee: int | None,
    labels: list[int],
) -> CardOut:
    card = find(card_id)
    before, called = card.assignee_id, card.title
    work_changed(card)
    card.title, card.description, card.points, card.due = title, description, points, due
    card.assignee = get_object_or_404(reads.people(), pk=assignee) if assignee else None
    card.full_clean()
    card.save()
    card.labels.set(Label.objects.filter(pk__in=labels))
    work_changed(card)
    if card.title != called:
        notices_changed(card)
    log(request, card.board_id, f"edited “{card}”")
    if card.assignee_id != before:
        tell(request, card, "gave you")
    return card


@mutation(affects=[CARD, DETAILS, ACTIVITY], affects_params=where, auth="authenticated")
def take_card(request: HttpRequest, card_id: int) -> CardOut:
    card = find(card_id)
    work_changed(card)
    card.assignee = request.user
    card.save(update_fields=["assignee"])
    work_changed(card)
    log(request, card.board_id, f"took “{card}”")
    return card


# What it returns is no ORM object any more: `dict` passes it on as it is.
@mutation(
    affects=[CARD, DETAILS, COMMENTS, COLUMN, BOARD, ACTIVITY],
    affects_params=dict,
    auth="authenticated",
)
def delete_card(request: HttpRequest, card_id: int) -> Gone:
    card = find(card_id)
    gone = where(card)
    work_changed(card)
    notices_changed(card)
    card.delete()
    log(request, gone["board_id"], f"deleted “{card}”")
    return gone


@mutation(
    affects=[COMMENTS, CARD, ACTIVITY],
    affects_params=lambda comment: where(comment.card),
    auth="authenticated",
)
def add_comment(request: HttpRequest, card_id: int, text: str) -> Said:
    card = find(card_id)
    comment = Comment(card=card, author=request.user, text=text.strip(), created=timezone.now())
    comment.full_clean()
    comment.save()
    log(request, card.board_id, f"commented on “{card}”")
    tell(request, card, "commented on")
    return comment


# Allowed to everybody who is signed in, and then refused to all but one: 403, with its reason.
@mutation(affects=[BOARD, ACTIVITY], auth="authenticated")
def set_goal(request: HttpRequest, board_id: int, goal: str) -> BoardOut:
    board = Board.objects.select_related("lead").get(pk=board_id)
    if board.lead not in (None, request.user):
        raise PermissionDenied(f"Only {board.lead.first_name}, who leads it, sets a board’s goal.")
    board.goal = " ".join(goal.split())
    board.full_clean()
    board.save()
    log(request, board_id, "set a new goal")
    return board


@mutation(affects=INBOX, affects_params=lambda notice: {"user_id": notice.person_id})
def read_notice(request: HttpRequest, notice_id: int) -> Told:
    notice = Notice.objects.select_related("actor", "card").get(
        pk=notice_id, person=request.user.pk
    )
    notice.read = not notice.read
    notice.save(update_fields=["read"])
    return notice


@mutation(affects=INBOX, auth=themselves)
def read_all(request: HttpRequest, user_id: int) -> int:
    return reads.notices_of(user_id).filter(read=False).update(read=True)


# Called from plain JavaScript (static/tracker/tracker.js), which shows the count.
@mutation(affects=ACTIVITY, auth="authenticated")
def assign_open(request: HttpRequest, board_id: int) -> Assigned:
    """Hand the open cards that nobody has to the people, one after another."""
    people = cycle(reads.people())
    nobodys = list(reads.cards().filter(column__board=board_id, done=False, assignee=None))
    for card in nobodys:
        card.assignee = next(people)
        CARD.invalidate(card_id=card.pk)
        DETAILS.invalidate(card_id=card.pk)
        work_changed(card)
    Card.objects.bulk_update(nobodys, ["assignee"])
    if nobodys:
        log(request, board_id, f"assigned {counted(len(nobodys), 'open card')}")
    return Assigned(count=len(nobodys))
