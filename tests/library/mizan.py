"""The declarations of the tests' app."""

from dataclasses import dataclass
from typing import TypedDict

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from pydantic import BaseModel

from mizan_htmx import Context, mutation
from tests.library.models import Book, Shelf


class BookOut(BaseModel):
    id: int
    title: str
    lent: bool


@dataclass
class Stats:
    total: int
    lent: int


class ShelfOut(TypedDict):
    id: int
    name: str
    books: list[BookOut]


def is_owner(request, shelf_id):
    return (
        request.user.is_authenticated
        and Shelf.objects.filter(pk=shelf_id, owner=request.user).exists()
    )


shelf = Context("shelf")
book = Context("book")
news = Context("news")
mine = Context("mine", auth="authenticated")
owned = Context("owned", auth=is_owner)
stock = Context("stock", auth="staff")


@shelf.query
def books(request, shelf_id: int) -> list[BookOut]:
    return Book.objects.filter(shelf=shelf_id).order_by("id")


@shelf.query
def stats(request, shelf_id: int) -> Stats:
    rows = Book.objects.filter(shelf=shelf_id)
    return Stats(total=rows.count(), lent=rows.filter(lent=True).count())


@shelf.query
def detail(request, shelf_id: int) -> ShelfOut:
    return Shelf.objects.get(pk=shelf_id)


@book.query
def one(request, book_id: int) -> BookOut:
    return Book.objects.get(pk=book_id)


@news.query
async def headlines(request, limit: int = 3) -> list[str]:
    return [
        title
        async for title in Book.objects.order_by("-id").values_list("title", flat=True)[:limit]
    ]


@mine.query
def me(request) -> str:
    return request.user.username


@owned.query
def name(request, shelf_id: int) -> str:
    return Shelf.objects.get(pk=shelf_id).name


@stock.query
def count(request) -> int:
    return Book.objects.count()


@mutation(affects=[shelf, "news"])
def add_book(request, shelf_id: int, title: str, lent: bool = False) -> BookOut:
    if not title.strip():
        raise ValidationError({"title": "A book needs a title."})
    return Book.objects.create(shelf_id=shelf_id, title=title, lent=lent)


@mutation(affects=[shelf, book], affects_params=lambda b: {"shelf_id": b.shelf_id, "book_id": b.pk})
def lend(request, book_id: int, lent: bool = True) -> BookOut:
    found = Book.objects.get(pk=book_id)
    found.lent = lent
    found.save()
    return found


@mutation(affects=shelf)
def rename(request, shelf_id: int, name: str) -> HttpResponse:
    Shelf.objects.filter(pk=shelf_id).update(name=name)
    return render(request, "library/_name.html", {"name": name})


@mutation(affects=shelf, auth="authenticated")
def clear(request, shelf_id: int) -> int:
    return Book.objects.filter(shelf=shelf_id).delete()[0]


@mutation(affects=shelf)
async def arrive(request, shelf_id: int, title: str) -> BookOut:
    return await Book.objects.acreate(shelf_id=shelf_id, title=title)
