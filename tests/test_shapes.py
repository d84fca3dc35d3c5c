"""Declared results are filled from ORM objects, QuerySets and related managers, field by field."""

import dataclasses
import datetime
import typing
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Generic, TypeVar

import pytest
import typing_extensions
from django.db import models
from django.test import override_settings
from django.test.utils import isolate_apps
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mizan_htmx.signatures import Signature
from tests.library.models import Book, Shelf

T = TypeVar("T")


class BookModel(BaseModel):
    title: str
    lent: bool = False


class ShelfModel(BaseModel):
    name: str
    books: list[BookModel]


@dataclasses.dataclass
class BookData:
    title: str
    lent: bool = False


@dataclasses.dataclass
class ShelfData:
    name: str
    books: list[BookData]
    seen: int = dataclasses.field(default=0, init=False)


class BookDict(typing_extensions.TypedDict):
    title: str
    lent: bool


class ShelfDict(typing_extensions.TypedDict):
    name: str
    books: list[BookDict]


class PlainBook(typing.TypedDict):
    title: str
    lent: bool


class PlainShelf(typing.TypedDict):
    name: str
    books: list[PlainBook]


class PartialBook(typing.TypedDict, total=False):
    title: typing_extensions.Required[str]
    lent: bool
    price: int


class OpenBook(typing.TypedDict):
    title: str
    lent: bool
    price: typing_extensions.NotRequired[int]


@dataclasses.dataclass
class MixedShelf:
    name: str
    books: list[PlainBook]


@dataclasses.dataclass
class Page(Generic[T]):
    items: list[T]


class PageModel(BaseModel, Generic[T]):
    items: list[T]


@dataclasses.dataclass
class Box(Generic[T]):
    item: T
    more: "Page[T] | None" = None
    unit: Annotated[list[int], {"unit": "cm"}] = dataclasses.field(default_factory=list)


class Aliased(BaseModel):
    name: str = Field(validation_alias="title")


class Nested(BaseModel):
    title: str
    shelf: "Parent"


class Parent(BaseModel):
    name: str
    parts: list["Nested"] = []


class FromAttributes(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    title: str


def shaped(returns, value):
    def function(request): ...

    function.__annotations__["return"] = returns
    signature = Signature(function)
    signature.check()
    return signature.dump(signature.shape(value))


EMMA, ULYSSES = {"title": "Emma", "lent": False}, {"title": "Ulysses", "lent": True}
BOTH = [EMMA, ULYSSES]
HALL = {"name": "Hall", "books": BOTH}


@pytest.mark.parametrize("kind", [BookModel, BookData, BookDict, PlainBook, PartialBook, OpenBook])
def test_one_object(kind, hall):
    assert shaped(kind, hall.books.first()) == EMMA
    assert shaped(kind, dict(ULYSSES)) == ULYSSES
    assert shaped(kind | None, hall.books.last()) == ULYSSES
    assert shaped(kind | None, None) is None
    assert shaped(Annotated[kind, "note"], hall.books.first()) == EMMA


@pytest.mark.parametrize("many", [list, tuple, Sequence, Iterable], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("kind", [BookModel, BookData, BookDict, PlainBook])
def test_many_of_them_from_whatever_gives_them(kind, many, hall):
    annotation = tuple[kind, ...] if many is tuple else many[kind]
    books = hall.books.order_by("id")
    for given in (books, hall.books, list(books), tuple(books), iter(books), BOTH):
        assert list(shaped(annotation, given)) == BOTH


@pytest.mark.parametrize("kind", [ShelfModel, ShelfData, ShelfDict, PlainShelf, MixedShelf])
def test_related_managers_are_followed(kind, hall):
    expected = {**HALL, "seen": 0} if kind is ShelfData else HALL
    assert shaped(kind, hall) == expected
    assert shaped(list[kind], Shelf.objects.all()) == [expected]
    assert shaped(dict[str, kind], {"a": hall}) == {"a": expected}
    assert shaped(Mapping[str, list[kind] | None], {"a": [hall], "b": None}) == {
        "a": [expected],
        "b": None,
    }


@pytest.mark.parametrize("kind", [ShelfData, ShelfDict, PlainShelf, MixedShelf])
def test_what_a_query_built_itself_may_hold_a_queryset(kind, hall):
    built = kind(name="Built", books=hall.books.order_by("id"))
    assert shaped(kind, built)["books"] == BOTH


@pytest.mark.parametrize("kind", [Page, PageModel])
def test_generics(kind, hall):
    assert shaped(kind[int], {"items": ["1"]}) == {"items": [1]}
    assert shaped(kind[BookModel], {"items": hall.books}) == {"items": BOTH}


def test_generics_inside_one_another(hall):
    emma = hall.books.first()
    full = {"item": emma, "more": {"items": hall.books}, "unit": ["1"]}
    expected = {"item": EMMA, "more": {"items": BOTH}, "unit": [1]}
    assert shaped(Box[BookModel], full) == expected
    assert shaped(Page[Box[BookData]], {"items": [full]}) == {"items": [expected]}


def test_aliases_and_types_that_refer_to_each_other(hall):
    book = hall.books.first()
    assert shaped(Aliased, book) == {"name": "Emma"}
    assert shaped(Aliased, {"title": "Emma"}) == {"name": "Emma"}
    assert shaped(FromAttributes, book) == {"title": "Emma"}
    assert shaped(Nested, book) == {"title": "Emma", "shelf": {"name": "Hall", "parts": []}}


def test_an_object_that_is_one_already_passes():
    given = BookModel(title="Emma")
    assert shaped(BookModel, given) == EMMA
    assert shaped(list[BookData], [BookData("Emma")]) == [EMMA]


def test_metadata_need_not_be_hashable():
    assert shaped(Annotated[list[int], {"unit": "cm"}], ["1"]) == [1]
    assert shaped(Annotated[list[int], Field(max_length=1)], [1]) == [1]
    with pytest.raises(ValidationError):
        shaped(Annotated[list[int], Field(max_length=1)], [1, 2])


@pytest.mark.parametrize("kind", [BookModel, BookData, BookDict, PlainBook])
def test_what_is_not_declared_never_leaves(kind, hall):
    class Telling:
        title, lent, password = "Emma", False, "secret"

        @property
        def cost(self):
            raise AssertionError("read though nobody declared it")

    assert shaped(kind, Telling()) == EMMA


@pytest.mark.parametrize("kind", [BookModel, BookData, BookDict])
def test_a_property_is_read_once(kind):
    class Counting:
        lent, read = False, 0

        @property
        def title(self):
            self.read += 1
            return "Emma"

    book = Counting()
    assert shaped(kind, book) == EMMA
    assert book.read == 1


@pytest.mark.parametrize("touched", [False, True])
@isolate_apps("tests.library")
def test_a_file_is_its_name_whether_it_was_touched_or_not(touched):
    class Scan(models.Model):
        file = models.FileField()
        size = models.IntegerField()

        class Meta:
            app_label = "library"

    class ScanOut(BaseModel):
        file: str

    class Sized(ScanOut):
        size: int
        pages: list[int] = []

    class Part(BaseModel):
        name: str
        url: str

    class Linked(BaseModel):
        file: Part

    scan = Scan(file="scans/emma.pdf", size=5)
    if touched:
        assert scan.file.name == "scans/emma.pdf"
    assert shaped(ScanOut, scan) == {"file": "scans/emma.pdf"}
    assert shaped(str, scan.file) == "scans/emma.pdf"
    scan.pages = [1]
    assert shaped(Sized, scan) == {"file": "scans/emma.pdf", "size": 5, "pages": [1]}
    with override_settings(MEDIA_URL="/media/"):
        linked = shaped(Linked, scan)
    assert linked == {"file": {"name": "scans/emma.pdf", "url": "/media/scans/emma.pdf"}}


@pytest.mark.parametrize("kind", [ShelfModel, ShelfData, ShelfDict])
@pytest.mark.parametrize("value", ["text", b"bytes", 5, 1.5, object(), [1], {"name": 5}], ids=repr)
def test_what_has_no_such_fields_is_refused(kind, value):
    with pytest.raises(ValidationError):
        shaped(kind, value)


@pytest.mark.parametrize(
    ("returns", "value", "result"),
    [
        (list[int], "text", ValidationError),
        (list[int], {"a": 1}, ValidationError),
        (list[int], 5, ValidationError),
        (dict[str, int], [1], ValidationError),
        (list, (1, 2), [1, 2]),
        (int | str, 5, 5),
        (list[int] | str, "text", "text"),
        (datetime.date, datetime.date(2026, 1, 2), "2026-01-02"),
        (BookModel | FromAttributes, {"title": "Emma", "lent": True}, ULYSSES | {"title": "Emma"}),
        (Any, [None], [None]),
    ],
    ids=repr,
)
def test_other_values(returns, value, result):
    if result is ValidationError:
        with pytest.raises(ValidationError):
            shaped(returns, value)
    else:
        assert shaped(returns, value) == result


def test_of_several_alternatives_a_queryset_is_still_many(hall):
    titles = Book.objects.order_by("id").values_list("title", flat=True)
    assert shaped(list[str] | list[int], titles) == ["Emma", "Ulysses"]
    assert shaped(list[str] | dict[str, str], titles) == ["Emma", "Ulysses"]
    assert shaped(list, titles) == ["Emma", "Ulysses"]


def test_an_ill_typed_field_of_an_instance_is_refused():
    with pytest.raises(ValidationError):
        shaped(BookData, BookData(title=["no", "text"]))
