"""Boards of columns of cards, what is said and what happened on them.

The properties `left`, `right` and `board` walk relations. They cost no query where those were
prefetched, which reads.py does.
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Max
from django.utils import timezone

TITLE_LENGTH = 120
TEXT_LENGTH = 2000
POINTS = "Give it 1 to 13 points."


class Board(models.Model):
    title = models.CharField(max_length=80)
    goal = models.CharField(max_length=140, blank=True)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="boards"
    )

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


class Label(models.Model):
    name = models.CharField(max_length=20, unique=True)
    hue = models.PositiveSmallIntegerField(help_text="Of a colour wheel, 0 to 359.")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Card(models.Model):
    column = models.ForeignKey(Column, models.CASCADE, related_name="cards")
    title = models.CharField(
        max_length=TITLE_LENGTH, error_messages={"blank": "A card needs a title."}
    )
    description = models.TextField(blank=True, validators=[MaxLengthValidator(TEXT_LENGTH)])
    position = models.PositiveIntegerField()
    done = models.BooleanField(default=False)
    finished = models.DateField(null=True, blank=True, help_text="The day it was done, if known.")
    archived = models.BooleanField(default=False)
    points = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1, POINTS), MaxValueValidator(13, POINTS)],
    )
    due = models.DateField(null=True, blank=True)
    labels = models.ManyToManyField(Label, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="cards"
    )

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title

    def clean_fields(self, exclude=None) -> None:
        self.title = " ".join(self.title.split())
        super().clean_fields(exclude)

    @property
    def board(self) -> Board:
        return self.column.board

    @property
    def board_id(self) -> int:
        return self.column.board_id

    @property
    def left(self) -> Column | None:
        return self.column.neighbour(-1)

    @property
    def right(self) -> Column | None:
        return self.column.neighbour(+1)

    @property
    def overdue(self) -> bool:
        return not self.done and self.due is not None and self.due < timezone.localdate()


class Comment(models.Model):
    card = models.ForeignKey(Card, models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = models.TextField(
        validators=[MaxLengthValidator(TEXT_LENGTH)],
        error_messages={"blank": "Write something first."},
    )
    created = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.author}: {self.text}"


class Activity(models.Model):
    board = models.ForeignKey(Board, models.CASCADE, related_name="activity")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = models.CharField(max_length=300)
    created = models.DateTimeField()

    class Meta:
        # By id, not by time: what happens now comes after the seed's, whatever the clock says.
        ordering = ["-id"]
        verbose_name_plural = "activity"

    def __str__(self) -> str:
        return f"{self.actor} {self.text}"


class Notice(models.Model):
    """Something that one person should know: it is theirs alone."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    card = models.ForeignKey(Card, models.CASCADE, related_name="+")
    text = models.CharField(max_length=60, help_text="What stands between actor and card.")
    created = models.DateTimeField()
    read = models.BooleanField(default=False)

    class Meta:
        ordering = ["-created", "-id"]

    def __str__(self) -> str:
        return f"{self.actor} {self.text} {self.card}"
