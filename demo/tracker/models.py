"""Boards of columns of cards, and what happened on them.

The properties `left`, `right` and `board_id` walk relations. They cost no query where those were
prefetched, which reads.py does.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max

TITLE_LENGTH = 120


def clean_title(text: str) -> str:
    title = " ".join(text.split())
    if not title:
        raise ValidationError({"title": "A card needs a title."})
    if len(title) > TITLE_LENGTH:
        raise ValidationError({"title": f"Keep the title within {TITLE_LENGTH} characters."})
    return title


class Board(models.Model):
    title = models.CharField(max_length=80)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class Column(models.Model):
    board = models.ForeignKey(Board, models.CASCADE, related_name="columns")
    title = models.CharField(max_length=40)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title

    def neighbour(self, step: int) -> Column | None:
        siblings = list(self.board.columns.all())
        index = siblings.index(self) + step
        return siblings[index] if 0 <= index < len(siblings) else None

    def next_position(self) -> int:
        last = self.cards.aggregate(last=Max("position"))["last"]
        return 0 if last is None else last + 1


class Card(models.Model):
    column = models.ForeignKey(Column, models.CASCADE, related_name="cards")
    title = models.CharField(max_length=TITLE_LENGTH)
    position = models.PositiveIntegerField()
    done = models.BooleanField(default=False)
    archived = models.BooleanField(default=False)
    points = models.PositiveSmallIntegerField(default=1)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="cards"
    )

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def board_id(self) -> int:
        return self.column.board_id

    @property
    def left(self) -> Column | None:
        return self.column.neighbour(-1)

    @property
    def right(self) -> Column | None:
        return self.column.neighbour(+1)


class Activity(models.Model):
    board = models.ForeignKey(Board, models.CASCADE, related_name="activity")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = models.CharField(max_length=300)
    created = models.DateTimeField()

    class Meta:
        # By id, not by time: the seed writes fixed dates, and what happens now comes after them
        # whatever this machine's clock says.
        ordering = ["-id"]
        verbose_name_plural = "activity"

    def __str__(self) -> str:
        return f"{self.actor} {self.text}"
