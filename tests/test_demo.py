"""What the demo's writes make stale, asked in a process of its own; no browser is needed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DEMO = Path(__file__).parent.parent / "demo"

START = """
import json

import django

django.setup()

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from tracker.models import Board, Card, Column, Notice

call_command("migrate", verbosity=0)
ada, bob, cy = (get_user_model().objects.create_user(name) for name in ("ada", "bob", "cy"))
board = Board.objects.create(title="Engine")
column = Column.objects.create(board=board, title="To do", position=1)
card = Card.objects.create(column=column, title="Punch cards", position=1)
client = Client(headers={"Host": "localhost"})


def post(url, **data):
    answer = client.post(url, data)
    return answer.status_code, answer.headers.get("X-Mizan-Invalidate", "")
"""

ARCHIVE = """
url = f"/boards/{board.pk}/archive/"
Card.objects.update(done=True)
stranger = post(url)
client.force_login(ada)
print(json.dumps([stranger, post(url)]))
"""

EDIT = """
for person in (ada, ada, bob):
    Notice.objects.create(
        person=person, actor=cy, card=card, text="told", created=timezone.now()
    )
client.force_login(cy)


def inboxes(title):
    status, keys = post(
        "/api/mizan/call/edit_card/",
        card_id=card.pk, title=title, description="", points=1, due="", assignee="", labels=[],
    )
    return status, [key for key in keys.split(", ") if key.startswith("inbox")]


print(json.dumps([inboxes("Punch cards"), inboxes("Brass wheels"), [ada.pk, bob.pk]]))
"""


@pytest.fixture
def demo(tmp_path):
    """Runs a script with the demo's settings and a database of its own; the JSON it printed."""

    def run(script):
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DEMO_DB": str(tmp_path / "demo.sqlite3"),
            "PYTHONPATH": os.pathsep.join([str(DEMO), str(DEMO.parent)]),
        }
        command = [sys.executable, "-c", START + script]
        done = subprocess.run(command, check=False, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_a_login_redirect_says_nothing_went_stale(demo):
    stranger, known = demo(ARCHIVE)
    assert stranger == [302, ""]
    assert known == [302, "column;column_id=1, board;board_id=1, activity;board_id=1"]


def test_a_new_title_reaches_the_inboxes_that_show_it(demo):
    same, other, people = demo(EDIT)
    assert same == [303, []]
    assert other == [303, [f"inbox;user_id={person}" for person in people]]
