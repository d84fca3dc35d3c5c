"""Whatever a mutation or a query raises, a client is told a code, and nothing of ours."""

import json
import logging

import pytest
from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    FieldDoesNotExist,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.core.signals import got_request_exception
from django.db import IntegrityError
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext_lazy
from pydantic import BaseModel

from mizan_htmx import Context, exceptions, mutation
from tests.library.mizan import BookOut, shelf
from tests.library.models import Book, Shelf

SECRET = "SELECT secret FROM table"
FORM, HTMX = "/api/mizan/call/fails/", {"HX-Request": "true"}


class Model(BaseModel):
    n: int


def invalid_by_pydantic():
    Model(n=SECRET)


# case R-17: what is raised, and the status, code and message a client sees
RAISED = {
    "PermissionDenied": (PermissionDenied("not you"), 403, "forbidden", "not you"),
    "Http404": (Http404(SECRET), 404, "not_found", "There is nothing here."),
    "DoesNotExist": (Shelf.DoesNotExist(SECRET), 404, "not_found", "There is nothing here."),
    "ObjectDoesNotExist": (ObjectDoesNotExist(), 404, "not_found", "There is nothing here."),
    "ValidationError": (ValidationError("too long"), 422, "invalid", "too long"),
    "Suspicious": (SuspiciousOperation(SECRET), 400, "bad_request", "The request cannot be read."),
    "Host": (DisallowedHost(SECRET), 400, "bad_request", "The request cannot be read."),
    "BadRequest": (BadRequest(SECRET), 400, "bad_request", "The request cannot be read."),
    "TooBig": (RequestDataTooBig("too big"), 413, "too_large", "too big"),
    "ours": (exceptions.Changed("changed"), 409, "changed", "changed"),
    "Unauthenticated": (exceptions.Unauthenticated(), 401, "unauthenticated", "Log in first."),
    "ValueError": (ValueError(SECRET), 500, "internal", "Something went wrong on the server."),
    "KeyError": (KeyError(SECRET), 500, "internal", "Something went wrong on the server."),
    "IntegrityError": (
        IntegrityError(SECRET),
        500,
        "internal",
        "Something went wrong on the server.",
    ),
    "Field": (FieldDoesNotExist(SECRET), 500, "internal", "Something went wrong on the server."),
    "RecursionError": (RecursionError(), 500, "internal", "Something went wrong on the server."),
    "Declaration": (exceptions.DeclarationError(SECRET), 500, "internal", None),
    "pydantic": (invalid_by_pydantic, 500, "internal", "Something went wrong on the server."),
}


@pytest.fixture
def raising(declaring):
    """A mutation, an async one and a context that raise what they are told to."""

    def declare(error):
        def fail():
            Shelf.objects.create(name="written before")
            if callable(error):
                error()
            raise error

        @mutation(affects=shelf, name="fails")
        def fails(request):
            fail()

        context = Context("failing")

        @context.query
        def query(request):
            raise error if isinstance(error, BaseException) else ValueError(SECRET)

        declaring.close()

    return declare


@pytest.fixture
def ask(client, db):
    def ask(transport):
        if transport == "call":
            return client.post("/api/mizan/call/", {"fn": "fails"}, content_type="application/json")
        if transport == "ctx":
            return client.get("/api/mizan/ctx/failing/")
        return client.post(FORM, {}, headers=HTMX if transport == "htmx" else {})

    client.raise_request_exception = False
    return ask


# case
@pytest.mark.parametrize("transport", ["call", "ctx", "htmx", "browser"])
@pytest.mark.parametrize("raised", RAISED)
def test_what_a_client_is_told(raised, transport, ask, raising, caplog):
    error, status, code, message = RAISED[raised]
    raising(error)
    heard = []
    receiver = lambda **kwargs: heard.append(kwargs["request"].path)  # noqa: E731
    got_request_exception.connect(receiver)
    response = ask(transport)
    got_request_exception.disconnect(receiver)
    assert response.status_code == status
    assert response["Cache-Control"] == "no-store"
    assert "X-Mizan-Invalidate" not in response.headers
    assert not Shelf.objects.exists()
    assert SECRET not in response.text
    assert "Traceback" not in response.text
    if transport == "browser":
        assert response["Content-Type"].startswith("text/html")
        assert message is None or f"<h1>{message}</h1>" in response.text
    else:
        assert response["Content-Type"] == "application/json"
        assert response["X-Content-Type-Options"] == "nosniff"
        (body,) = response.json().values()
        assert body["code"] == code
        assert message in (None, body["message"])
        assert response.headers.get("HX-Reswap") == ("none" if transport == "htmx" else None)
    assert len(heard) == (status == 500)
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    suspicious = isinstance(error, SuspiciousOperation)
    assert len(errors) == (status == 500 or suspicious)
    for record in errors:
        security = f"django.security.{type(error).__name__}"
        assert record.name == (security if suspicious else "django.request")
        assert (record.status_code, record.request) == (status, response.wsgi_request)
        assert record.exc_info[1]


# case R-17
@pytest.mark.parametrize("raised", ["ValueError", "Suspicious", "ours", "Http404"])
def test_an_answer_is_logged_once(raised, ask, raising, caplog):
    raising(RAISED[raised][0])
    ask("call")
    (record,) = caplog.records
    assert record.status_code == RAISED[raised][1]


def test_an_internal_error_raised_on_purpose_is_logged_by_django(ask, raising, caplog):
    raising(exceptions.Internal())
    ask("call")
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("django.request", "ERROR")


# case H-15
def test_what_is_suspicious_is_logged_escaped(ask, raising, caplog):
    raising(SuspiciousOperation("one\ntwo"))
    ask("call")
    assert caplog.messages == ["one\\ntwo"]


# case R-17
@pytest.mark.parametrize("transport", ["call", "ctx", "htmx"])
@pytest.mark.parametrize("raised", ["Http404", "ValueError", "Suspicious"])
def test_where_debug_is_on_a_developer_is_told_more(raised, transport, ask, raising, settings):
    settings.DEBUG = True
    raising(RAISED[raised][0])
    body = ask(transport).json()["error"]
    prefix = "ValueError: " if raised == "ValueError" else ""
    assert body["message"] == f"{prefix}{SECRET}"


ERRORS = [
    (ValidationError("a"), [([], "a")]),
    (ValidationError(["a", "b"]), [([], "a"), ([], "b")]),
    (ValidationError({"title": "a"}), [(["title"], "a")]),
    (
        ValidationError({"title": ["a", "b"], "n": "c"}),
        [(["title"], "a"), (["title"], "b"), (["n"], "c")],
    ),
    (ValidationError({"__all__": "a"}), [([], "a")]),
    (ValidationError("%(n)s is odd", params={"n": 3}), [([], "3 is odd")]),
]


# case R-17
@pytest.mark.parametrize(("error", "details"), ERRORS)
def test_a_validation_error_says_where(error, details, ask, raising):
    raising(error)
    body = ask("call").json()["error"]
    assert body["code"] == "invalid"
    assert [(detail["loc"], detail["message"]) for detail in body["details"]] == details
    assert all(message in body["message"] for _, message in details)
    page = ask("browser").text
    assert all(message in page for _, message in details)


@pytest.mark.parametrize(("language", "said"), [("en", "Monday"), ("de", "Montag")])
def test_an_error_may_be_translated(language, said, ask, raising):
    day = gettext_lazy("Monday")
    raising(exceptions.Invalid(day, [{"loc": ["day", 0], "message": day}]))
    details = [{"loc": ["day", 0], "message": said}]
    with translation.override(language):
        body, page = ask("call").json()["error"], ask("browser").text
    assert body == {"code": "invalid", "message": said, "details": details}
    assert f"<h1>{said}</h1>" in page


# case R-4
@pytest.mark.parametrize("transport", ["call", "ctx"])
@pytest.mark.parametrize("number", ["nan", "inf"])
@pytest.mark.parametrize("debug", [True, False])
def test_a_number_json_cannot_carry_undoes_the_write(
    number, transport, debug, ask, declaring, settings
):
    @mutation(affects=shelf)
    def fails(request) -> dict[str, float]:
        Shelf.objects.create(name="written before")
        return {"price": float(number)}

    @Context("failing").query
    def price(request) -> list[float]:
        return [1.0, float(number)]

    declaring.close()
    settings.DEBUG = debug
    response = ask(transport)
    assert response.status_code == 500
    where = "result.price" if transport == "call" else "result[1]"
    assert (f"{where} is" in response.text) is debug
    assert "X-Mizan-Invalidate" not in response.headers
    assert not Shelf.objects.exists()
    json.loads(response.text, parse_constant=pytest.fail)


# case R-17
@pytest.mark.parametrize("returned", [object(), {"id": 1}, Book(), None])
def test_a_result_that_does_not_fit_is_our_fault_and_undoes_the_write(returned, ask, declaring):
    @mutation(affects=shelf)
    def fails(request) -> BookOut:
        Shelf.objects.create(name="written before")
        return returned

    declaring.close()
    response = ask("call")
    assert (response.status_code, response.json()["error"]["details"]) == (500, [])
    assert not Shelf.objects.exists()


# case R-17
def test_what_an_async_mutation_wrote_before_it_failed_is_told_of(ask, declaring):
    @mutation(affects=shelf)
    async def fails(request):
        await Shelf.objects.acreate(name="written before")
        raise ValueError(SECRET)

    declaring.close()
    response = ask("call")
    assert (response.status_code, response["X-Mizan-Invalidate"]) == (500, "shelf")
    assert Shelf.objects.exists()


# case H-15
def test_a_path_is_logged_escaped_and_bounded(client, declaring, caplog, db):
    @mutation(name="fails")
    def fails(request):
        raise ValueError("x")

    declaring.close()
    client.raise_request_exception = False
    client.post(f"{FORM}?{'a' * 3000}", {}, headers=HTMX)
    (message,) = caplog.messages
    assert len(message) < 300
