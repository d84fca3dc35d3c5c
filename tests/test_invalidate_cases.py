"""No commit without its invalidation, and no invalidation without its commit: group I."""

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connections, transaction
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from mizan_htmx import Context, affects
from tests.library.mizan import book, news, shelf
from tests.library.models import Book, Shelf

HEADER = "X-Mizan-Invalidate"
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "other"])


def write(context=shelf, **params):
    Shelf.objects.create(name="x")
    context.invalidate(**params)


def autocommit(request):
    write()
    return HttpResponse()


def committed(request):
    with transaction.atomic():
        write()
    return HttpResponse()


def rolled_back(request):
    try:
        with transaction.atomic():
            write()
            raise ValidationError("no")
    except ValidationError:
        return HttpResponse(status=422)


def savepoint_rolled_back(request):
    with transaction.atomic():
        write(news)
        rolled_back(request)
    return HttpResponse()


def set_rollback(request):
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    return HttpResponse()


def answers_422(request):
    write()
    return HttpResponse(status=422)


def raises_after_the_first(request):
    write(shelf, shelf_id=1)
    raise ValidationError("between two saves")


def retried(request):
    for attempt in (1, 2):
        try:
            with transaction.atomic():
                write(shelf, shelf_id=attempt)
                if attempt == 1:
                    raise OperationalError("could not serialize access")
        except OperationalError:
            continue
    return HttpResponse()


def breaks_a_constraint(request):
    shelf.invalidate()
    Book.objects.create(shelf_id=999, title="nowhere")
    return HttpResponse("built before the commit")


def rolls_the_request_back(request):
    write()
    transaction.set_rollback(True)
    return HttpResponse()


def on_commit(request):
    transaction.on_commit(shelf.invalidate)
    write(news)
    return HttpResponse()


def other_database(request):
    try:
        with transaction.atomic(using="other"), transaction.atomic():
            write()
            news.invalidate(using="other")
            transaction.get_connection("other").set_rollback(True)
    except ValidationError:
        pass
    return HttpResponse()


def wrong_database(request):
    with transaction.atomic():
        news.invalidate(using="other")
        write()
        transaction.set_rollback(True)
    return HttpResponse()


@affects(shelf)
def affecting(request):
    Shelf.objects.create(name="x")
    return HttpResponse()


@affects(shelf)
def affecting_and_raising(request):
    Shelf.objects.create(name="x")
    raise ValidationError("after it")


def delegates(request):
    try:
        raises_after_the_first(request)
    except ValidationError:
        return autocommit_news(request)


def autocommit_news(request):
    write(news)
    return HttpResponse()


# (view, in autocommit: status and keys, under ATOMIC_REQUESTS: status and keys)
SHELF, NEWS = ["shelf"], ["news"]
CASES = {
    # case I-1
    committed: [(200, SHELF), (200, SHELF)],
    rolled_back: [(422, []), (422, [])],
    savepoint_rolled_back: [(200, NEWS), (200, NEWS)],
    # case I-2
    set_rollback: [(200, []), (200, [])],
    rolls_the_request_back: [(500, SHELF), (200, [])],
    # case I-3
    autocommit: [(200, SHELF), (200, SHELF)],
    breaks_a_constraint: [(500, SHELF), (500, [])],
    affecting: [(200, SHELF), (200, SHELF)],
    affecting_and_raising: [(500, SHELF), (500, [])],
    # case I-4
    answers_422: [(422, SHELF), (422, SHELF)],
    # case I-5
    raises_after_the_first: [(500, ["shelf;shelf_id=1"]), (500, [])],
    # case I-7
    other_database: [(200, SHELF), (200, SHELF)],
    wrong_database: [(200, NEWS), (200, NEWS)],
    # case I-10
    on_commit: [(200, ["shelf", "news"]), (200, ["news", "shelf"])],
    # case I-12
    retried: [(200, ["shelf;shelf_id=2"]), (200, ["shelf;shelf_id=2"])],
    # case I-18
    delegates: [(200, ["shelf;shelf_id=1", "news"]), (200, ["shelf;shelf_id=1", "news"])],
}


@pytest.mark.parametrize("atomic", [False, True], ids=["autocommit", "ATOMIC_REQUESTS"])
@pytest.mark.parametrize("view", CASES, ids=lambda view: view.__name__)
def test_what_a_response_says_went_stale(view, atomic, send, serve, heard, monkeypatch):
    monkeypatch.setitem(connections["default"].settings_dict, "ATOMIC_REQUESTS", atomic)
    serve("write/", csrf_exempt(view))
    status, keys = CASES[view][atomic]
    response = send("post", "/write/")
    assert response.status_code == status
    assert response.headers.get(HEADER, "") == ", ".join(keys)
    assert [key for told in heard for key in told] == keys
    assert len(heard) == bool(keys)


class Around:
    """A middleware behind ours that holds one transaction around everything."""

    sync_capable, async_capable = True, False

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with transaction.atomic():
            response = self.get_response(request)
            assert HEADER not in response.headers
            book.invalidate()
        return response


# case I-10
@pytest.mark.parametrize("view", [autocommit, on_commit])
def test_the_header_is_written_last(view, send, serve, settings, heard):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:1], f"{__name__}.Around", *settings.MIDDLEWARE[1:]]
    serve("write/", csrf_exempt(view))
    keys = ["shelf", "book"] if view is autocommit else ["news", "book", "shelf"]
    assert send("post", "/write/")[HEADER] == ", ".join(keys)
    assert heard == [keys]


# case I-13
@pytest.mark.parametrize("method", ["get", "head", "options", "trace"])
def test_a_safe_request_that_writes_is_told_of_and_carries_no_header(method, send, serve, heard):
    serve("write/", autocommit)
    response = send(method, "/write/")
    assert HEADER not in response.headers
    assert heard == [["shelf"]]


# case I-13
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_an_unsafe_one_carries_it(method, send, serve, heard):
    serve("write/", csrf_exempt(autocommit))
    assert send(method, "/write/")[HEADER] == "shelf"
    assert heard == [["shelf"]]


# case I-14
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_read_cannot_make_another_stale(kind, send, declaring, heard):
    def declare(name, other):
        context = Context(name)
        if kind == "sync":

            @context.query
            def query(request) -> int:
                declaring.context(other).invalidate()
        else:

            @context.query
            async def query(request) -> int:
                declaring.context(other).invalidate()

    declare("one", "two")
    declare("two", "one")
    declaring.close()
    for name in ("one", "two"):
        response = send("get", f"/api/mizan/ctx/{name}/")
        assert response.status_code == 500
        assert HEADER not in response.headers
    assert heard == []
