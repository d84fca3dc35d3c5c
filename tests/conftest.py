"""What several test files share: an open registry, what was announced, a shelf and its people."""

import json

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import get_user_model
from django.test import AsyncClient, Client
from django.urls import clear_url_caches, path

from mizan_htmx.registry import registry
from mizan_htmx.signals import invalidated
from tests import urls
from tests.library.models import Book, Shelf
from tests.library.pages import Pages


def pytest_addoption(parser):
    parser.addoption(
        "--server", help="run the browser tests' pages under gunicorn or uvicorn alone"
    )


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


@pytest.fixture
def serve(settings):
    """``serve("page/", view)`` answers one more URL; the suite's own are there too."""

    class Urls:
        urlpatterns = [*urls.urlpatterns]

    def add(route, view):
        Urls.urlpatterns.append(path(route, view))
        clear_url_caches()

    settings.ROOT_URLCONF = Urls
    return add


@pytest.fixture(params=["wsgi", "asgi"])
def send(request):
    """``send("post", "/page/")``: a request, through the sync and through the async handler."""
    if request.param == "wsgi":
        client = Client(raise_request_exception=False)
    else:
        client = AsyncClient(raise_request_exception=False)

    def send(method, path, *args, **kwargs):
        method = getattr(client, method)
        return (method if request.param == "wsgi" else async_to_sync(method))(path, *args, **kwargs)

    send.client = client
    return send
