"""What leaves the server: the shapes that contexts and mutations promise.

pydantic models, a dataclass and TypedDicts, to show that all three serve. Each is filled from ORM
objects by its field names, so none of them needs a constructor call.
"""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel
from typing_extensions import TypedDict  # pydantic wants this one below Python 3.12


class Person(BaseModel):
    id: int
    username: str
    first_name: str
    last_name: str


class Place(BaseModel):
    """A column a card can move to."""

    id: int
    title: str


class CardOut(BaseModel):
    id: int
    title: str
    done: bool
    points: int
    board_id: int
    column_id: int
    assignee: Person | None
    left: Place | None
    right: Place | None


class ColumnOut(BaseModel):
    id: int
    title: str
    cards: list[CardOut]


@dataclass
class Stats:
    open: int
    done: int
    total: int
    points: int  # of the open cards


class ColumnSummary(TypedDict):
    id: int
    title: str
    count: int


class Entry(TypedDict):
    id: int
    actor: Person
    text: str
    created: datetime


class Gone(TypedDict):
    """Where a deleted card was."""

    card_id: int
    column_id: int
    board_id: int


@dataclass
class Assigned:
    count: int
