"""Boards of cards, and which of the boards is for what."""

import datetime

from django.db import models

READ, WRITTEN, SHOWN = 1, 2, 3  # the boards that ctx/ lists, call/ adds to and the page shows
SIZES = {READ: 50, WRITTEN: 0, SHOWN: 500}
LANES = ["Backlog", "Next", "Doing", "Review", "Done"]
PEOPLE = ["Ada Lovelace", "Grace Hopper", "Barbara Liskov", ""]


class Board(models.Model):
    title = models.CharField(max_length=100)

    def __str__(self):
        return self.title


class Card(models.Model):
    board = models.ForeignKey(Board, models.CASCADE, related_name="cards")
    lane = models.CharField(max_length=20, default=LANES[0])
    title = models.CharField(max_length=100)
    assignee = models.CharField(max_length=100, blank=True)
    points = models.IntegerField(default=1)
    done = models.BooleanField(default=False)
    due = models.DateField(null=True)

    def __str__(self):
        return self.title


def seed():
    """The same cards each time."""
    for pk, size in SIZES.items():
        Board.objects.create(pk=pk, title=f"Board {pk}")
        Card.objects.bulk_create(
            Card(
                board_id=pk,
                lane=LANES[number % len(LANES)],
                title=f"Card {number}: say “what” & why",
                assignee=PEOPLE[number % len(PEOPLE)],
                points=number % 8 + 1,
                due=datetime.date(2026, 1, 1) + datetime.timedelta(days=number % 300),
            )
            for number in range(size)
        )
