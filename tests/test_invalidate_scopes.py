"""One recording per request: calls inside calls, requests after requests, tests inside tests."""

import pytest
from django.core.exceptions import ValidationError
from django.core.signals import request_finished
from django.db import IntegrityError, connections, transaction
from django.http import HttpResponse
from django.test import RequestFactory, TestCase
from django.views.decorators.csrf import csrf_exempt

from mizan_htmx import mutation, recording
from mizan_htmx.middleware import MizanMiddleware
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


# case I-3, I-7
@pytest.mark.parametrize("alias", ["default", "other"])
def test_calls_are_no_part_of_a_request_in_one_transaction(alias, call, declaring, monkeypatch):
    @mutation(affects=shelf, using=alias)
    def place(request, shelf_id: int) -> bool:
        Book.objects.using(alias).create(shelf_id=shelf_id, title="x")
        return True

    declaring.close()
    monkeypatch.setitem(connections[alias].settings_dict, "ATOMIC_REQUESTS", True)
    response = call("place", shelf_id=999)
    assert (response.status_code, response.json()["error"]["code"]) == (500, "internal")
    assert HEADER not in response.headers
    room = Shelf.objects.using(alias).create(name="x")
    response = call("place", shelf_id=room.pk)
    assert response[HEADER] == f"shelf;shelf_id={room.pk}"
    assert response.json()["result"] is True


# case I-18
@pytest.mark.parametrize("fails", [False, True])
def test_a_mutation_inside_a_mutation_and_inside_a_recording(fails, call, declaring):
    @mutation(affects=news)
    def inner(request):
        write()
        if fails:
            raise IntegrityError("inner")

    @mutation(affects=book)
    def outer(request):
        try:
            with recording():
                inner(request)
        except IntegrityError:
            return "survived"

    declaring.close()
    response = call("outer")
    assert response[HEADER] == ("book" if fails else "shelf, news, book")
    assert response.json()["invalidate"] == response[HEADER].split(", ")


# case I-19
def test_nothing_bleeds_into_the_next_request(heard):
    request = RequestFactory().post("/")
    answers = iter([shelf.invalidate, list, news.invalidate])

    def get_response(request):
        next(answers)()
        return HttpResponse()

    middleware = MizanMiddleware(get_response)
    headers = [middleware(request).headers.get(HEADER) for _ in range(3)]
    assert headers == ["shelf", None, "news"]
    assert heard == [["shelf"], ["news"]]


# case I-19
def test_what_is_recorded_after_the_response_is_closed_at_once(client, serve, heard):
    def after(**kwargs):
        news.invalidate()

    serve("write/", csrf_exempt(autocommit))
    request_finished.connect(after)
    response = client.post("/write/")
    request_finished.disconnect(after)
    assert response[HEADER] == "shelf"
    assert heard == [["shelf"], ["news"]]


class TestInATestCase(TestCase):
    """case I-11: no commit ever comes, and the header is there all the same."""

    def test_a_call_in_an_open_transaction(self):
        room = Shelf.objects.create(name="x")
        with self.captureOnCommitCallbacks(execute=True) as callbacks:
            response = self.client.post(
                "/api/mizan/call/add_book/", {"shelf_id": room.pk, "title": "x"}
            )
        assert response[HEADER] == f"shelf;shelf_id={room.pk}, news"
        assert len(callbacks) == 2

    def test_what_a_test_rolls_back_is_not(self):
        try:
            with recording() as recorded, transaction.atomic():
                write()
                raise ValidationError("no")
        except ValidationError:
            assert not recorded
