"""Accounts of lines, and what is read of them: the same functions for whoever shows it."""

from django.db import models
from django.db.models import Count, Max, Sum

ACCOUNTS, LINES = 100, 50
TILES = 30  # as many accounts have a tile


class Line(models.Model):
    account = models.IntegerField(db_index=True)
    amount = models.IntegerField()
    is_first = models.BooleanField(db_index=True)
    stamp = models.IntegerField(default=0)

    def __str__(self):
        return f"{self.amount} on {self.account}"


def seed():
    Line.objects.bulk_create(
        Line(account=account, amount=number * 7 % 90, is_first=number == 0)
        for account in range(ACCOUNTS)
        for number in range(LINES)
    )


def totals(lines):
    measures = {"lines": Count("pk"), "sum": Sum("amount"), "stamp": Max("stamp")}
    return lines.values("account").annotate(**measures).order_by("account")


def total_of(account):
    """One account's line: a small aggregation."""
    return totals(Line.objects.filter(account=account)).get()


def figures():
    """The lines of all accounts that have a tile."""
    return list(totals(Line.objects.filter(account__lt=TILES)))


def stamp(value, **which):
    """The write: what the totals of these accounts show of it is another then."""
    Line.objects.filter(is_first=True, **which).update(stamp=value)
