"""What leaves the server: the shapes that contexts and mutations promise.

pydantic models, a dataclass and TypedDicts, to show that all three serve. Each is filled from ORM
objects by its field names, so none of them needs a constructor call.
"""

from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel
from typing_extensions import TypedDict  # pydantic wants this one below Python 3.12


class Person(BaseModel):
    id: int
    username: str
    first_name: str
    last_name: str


class Place(BaseModel):
    """A board, or a column a card can move to."""

    id: int
    title: str


class Tag(BaseModel):
    id: int
    name: str
    hue: int


class CardOut(BaseModel):
    """A card as it stands on a board."""

    id: int
    title: str
    done: bool
    points: int
    due: date | None
    overdue: bool
    board_id: int
    column_id: int
    column: Place
    assignee: Person | None
    labels: list[Tag]
    comment_count: int = 0  # what reads.cards() counts; a new card has none
    left: Place | None
    right: Place | None


class CardInBrief(BaseModel):
    """A card as an island shows it: without what only its own context hears of."""

    id: int
    title: str
    done: bool
    points: int
    due: date | None
    overdue: bool
    column_id: int
    labels: list[Tag]


class ColumnOut(BaseModel):
    id: int
    title: str
    cards: list[CardOut]


class CardDetails(BaseModel):
    """What the form of a card edits."""

    id: int
    title: str
    description: str
    points: int
    due: date | None
    overdue: bool
    board_id: int
    assignee: Person | None
    labels: list[Tag]


class CardOfMine(CardOut):
    board: Place


class BoardOut(BaseModel):
    id: int
    title: str
    goal: str
    lead: Person | None


@dataclass
class Stats:
    open: int
    done: int
    total: int
    points: int  # of the open cards


class Day(TypedDict):
    """What was open at the end of a day."""

    day: date
    open: int
    points: int


class ColumnSummary(TypedDict):
    id: int
    title: str
    count: int


class Entry(TypedDict):
    id: int
    actor: Person
    text: str
    created: datetime


class Said(TypedDict):
    """A comment."""

    id: int
    author: Person
    text: str
    created: datetime


class Told(TypedDict):
    """A notice."""

    id: int
    actor: Person
    card: Place
    text: str
    created: datetime
    read: bool


class Gone(TypedDict):
    """Where a deleted card was."""

    card_id: int
    column_id: int
    board_id: int


@dataclass
class Assigned:
    count: int
