"""What the pages show and write, declared."""

from django.http import HttpRequest

from bench.refresh import models
from mizan_htmx import Context, mutation

TOTAL, BOARD, ISLAND = Context("total"), Context("board"), Context("island")


@TOTAL.query
def total(request: HttpRequest, account: int) -> dict[str, int]:
    return models.total_of(account)


@BOARD.query
def figures(request: HttpRequest) -> list[dict[str, int]]:
    return models.figures()


@ISLAND.query
def shown(request: HttpRequest, account: int) -> dict[str, int]:
    return models.total_of(account)


@mutation(affects=[TOTAL, BOARD, ISLAND])
def stamp_all(request: HttpRequest, number: int, stamp: int) -> None:
    models.stamp(stamp, account__lt=number)


@mutation(affects=TOTAL)
def stamp_one(request: HttpRequest, account: int, stamp: int) -> None:
    models.stamp(stamp, account=account)
