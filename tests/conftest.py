"""What several test files share: an open registry, what was announced, a shelf and its people."""

import json

import pytest
from django.contrib.auth import get_user_model

from mizan_htmx.registry import registry
from mizan_htmx.signals import invalidated
from tests.library.models import Book, Shelf
from tests.library.pages import Pages


@pytest.fixture
def declaring():
    """The registry, open for a test's own declarations; afterwards all is as it was."""
    with registry.opened() as opened:
        yield opened


@pytest.fixture
def heard():
    """The texts of the keys ``invalidated`` told of, a list per signal."""
    told = []

    def receive(keys, **kwargs):
        told.append([str(key) for key in keys])

    invalidated.connect(receive, weak=False)
    yield told
    invalidated.disconnect(receive)


@pytest.fixture
def owner(db):
    return get_user_model().objects.create_user("owner", password="secret")


@pytest.fixture
def hall(owner):
    """A shelf with two books, the second of them lent."""
    shelf = Shelf.objects.create(name="Hall", owner=owner)
    Book.objects.create(shelf=shelf, title="Emma")
    Book.objects.create(shelf=shelf, title="Ulysses", lent=True)
    return shelf


@pytest.fixture
def call(client):
    """``call("add_book", shelf_id=3)`` posts to ``call/`` as the script does."""
    client.raise_request_exception = False

    def post(fn, headers=None, /, **args):
        body = json.dumps({"fn": fn, "args": args})
        return client.post(
            "/api/mizan/call/", body, content_type="application/json", headers=headers or {}
        )

    return post


@pytest.fixture
def pages(client, settings):
    """A site of one page, whose templates the test writes."""
    return Pages(client, settings)
