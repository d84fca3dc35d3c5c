"""Boards of cards, which of the boards is for what, and a session of somebody logged in."""

import datetime

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone

READ, WRITTEN, SHOWN = 1, 2, 3  # the boards that ctx/ lists, call/ adds to and the page shows
SESSION = "s" * 32
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


def log_in():
    user = get_user_model().objects.create_user("ada")
    data = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    Session.objects.save(SESSION, data, timezone.now() + datetime.timedelta(days=1))


def seed():
    """The same cards each time."""
    log_in()
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
