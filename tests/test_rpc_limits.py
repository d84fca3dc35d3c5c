"""No more of a body is read than may be, and no half of one is taken: case R-1."""

import gc
import io
import json

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.core.handlers.wsgi import WSGIRequest
from django.middleware.csrf import _get_new_csrf_string
from django.test import RequestFactory

from mizan_htmx import rpc, views
from mizan_htmx.exceptions import BadRequest, TooLarge
from tests.library.models import Book

NAMED = "/api/mizan/call/add_book/"
MIB = 2**20
JSON, URLENCODED = "application/json", "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"


def scope_of(content_type=JSON, **headers):
    pairs = {"content-type": content_type, "host": "testserver", **headers}
    raw = [(name.encode(), str(value).encode()) for name, value in pairs.items()]
    return {"type": "http", "method": "POST", "path": NAMED, "headers": raw, "query_string": b""}


class Endless:
    """A body that never ends, and says how much of it was asked for."""

    asked = 0

    def read(self, size=-1):
        assert 0 < size <= MIB + 1
        self.asked += size
        return b" " * size


# case R-1
@pytest.mark.parametrize(
    "length", [None, "5", "-1", "x", "\u0665", str(MIB), str(MIB + 1), "9" * 30]
)
def test_no_more_is_read_than_may_be(length):
    body = Endless()
    request = ASGIRequest(scope_of(), body)
    if length is not None:
        request.META["CONTENT_LENGTH"] = length
    with pytest.raises(TooLarge):
        rpc.read_body(request)
    assert body.asked <= MIB + 1


# case R-1
@pytest.mark.parametrize("length", ["0", "3", "60"])
@pytest.mark.parametrize("kind", [JSON, URLENCODED])
def test_a_length_that_lies_is_refused(length, kind, hall):
    text = (
        f'{{"shelf_id": {hall.pk}, "title": "x"}}'
        if kind == JSON
        else f"shelf_id={hall.pk}&title=x"
    )
    environ = RequestFactory()._base_environ(
        REQUEST_METHOD="POST", PATH_INFO=NAMED, CONTENT_TYPE=kind, CONTENT_LENGTH=length
    )
    environ["wsgi.input"] = io.BytesIO(text.encode())
    request = WSGIRequest(environ)
    request._dont_enforce_csrf_checks = True
    request.META["HTTP_HX_REQUEST"] = "true"
    response = views.call_by_name(request, "add_book")
    assert response.status_code == (422 if kind == URLENCODED and length != "60" else 400)
    assert Book.objects.count() == 2


class Broken(io.BytesIO):
    def read(self, *args):
        raise OSError("the client has gone")


# case R-1
@pytest.mark.parametrize("kind", [JSON, URLENCODED, MULTIPART])
def test_a_body_that_breaks_off_is_refused(kind):
    request = RequestFactory().post(
        NAMED, b"x" * 50, content_type=kind, headers={"HX-Request": "true"}
    )
    request._stream, request._dont_enforce_csrf_checks = Broken(), True
    response = views.call_by_name(request, "add_book")
    assert response.status_code == 400
    assert json.loads(response.content)["error"]["code"] == "bad_request"


# case R-1
@pytest.mark.filterwarnings(  # Django leaves the file of a body nobody read to the collector
    "ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.parametrize("kind", [JSON, URLENCODED])
@pytest.mark.parametrize("said", [True, False], ids=["length", "chunked"])
def test_a_body_that_is_too_large_is_refused_chunked_or_not(kind, said, db):
    token, chunks = _get_new_csrf_string(), 20
    headers = {"cookie": f"csrftoken={token}", "x-csrftoken": token, "hx-request": "true"}
    if said:
        headers["content-length"] = 2 * MIB
    scope, chunk = scope_of(kind, **headers), b"a" * (2 * MIB // chunks)

    async def main():
        app = ApplicationCommunicator(ASGIHandler(), scope)
        for number in range(chunks):
            more = number < chunks - 1
            await app.send_input({"type": "http.request", "body": chunk, "more_body": more})
        return await app.receive_output(5), await app.receive_output(5)

    start, body = async_to_sync(main)()
    gc.collect()
    assert start["status"] == 413
    assert json.loads(body["body"])["error"]["code"] == "too_large"


# case P-6
@pytest.mark.parametrize("encoded", [b"a=%ff", b"a=%C3", b"%80=1", b"a=%ED%A0%80", b"a=\xff"])
def test_parameters_that_are_no_utf_8_are_refused(encoded):
    with pytest.raises(BadRequest, match="not UTF-8"):
        rpc.check_utf8(encoded)
    rpc.check_utf8(b"a=%C3%A9&b=%zz&c=%EF%BF%BD")


# case R-1
@pytest.mark.parametrize(
    ("settings_", "kind", "size", "status"),
    [
        ({"MIZAN": {"MAX_BODY": 100}}, JSON, 100, 400),
        ({"MIZAN": {"MAX_BODY": 100}}, JSON, 101, 413),
        ({"MIZAN": {"MAX_BODY": 100}}, URLENCODED, 100, 422),
        ({"MIZAN": {"MAX_BODY": 100}}, URLENCODED, 101, 413),
        ({"MIZAN": {"MAX_BODY": 100}}, MULTIPART, 1000, 422),
        ({"DATA_UPLOAD_MAX_MEMORY_SIZE": 500}, URLENCODED, 501, 413),
        ({"DATA_UPLOAD_MAX_MEMORY_SIZE": 500}, MULTIPART, 1000, 413),
        ({"DATA_UPLOAD_MAX_NUMBER_FIELDS": 2}, URLENCODED, 9, 400),
        ({"DATA_UPLOAD_MAX_NUMBER_FIELDS": 0}, MULTIPART, 9, 400),
    ],
    ids=repr,
)
def test_the_limits_are_the_settings(settings_, kind, size, status, client, settings, db):
    for name, value in settings_.items():
        setattr(settings, name, value)
    body = b"a&" * (size // 2) + b"a" * (size % 2)
    if kind == MULTIPART:
        body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + body + b"\r\n--x--\r\n"
    response = client.post(NAMED, body, kind, headers={"HX-Request": "true"})
    assert response.status_code == status


# case R-1
def test_a_query_string_of_too_many_fields_is_refused(client, settings, db):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    assert client.get("/api/mizan/ctx/news/?a=1&b=2&c=3").status_code == 400
    assert (
        client.post(f"{NAMED}?a=1&b=2&c=3", {}, headers={"HX-Request": "true"}).status_code == 400
    )
