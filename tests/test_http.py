"""The header, JSON and the epoch, one function at a time; the road is test_middleware.py's."""

import io
import json
import re

import pytest
from django.http import FileResponse, HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.urls import resolve

from mizan_htmx import http
from mizan_htmx.invalidation import Invalidation
from mizan_htmx.keys import Key, parse

HOSTILE = [
    "1\r\nSet-Cookie: a=b",
    "\n\x0b\x0c\r\x1c\x1d\x1e\x85\u2028\u2029",
    "\0\x7f",
    "Łódź\U0001f600",
]
HOSTILE += ["5, admin_panel", '"\\', "é\u2028b"]


def of(text):
    return Invalidation(parse(text))


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(),
        HttpResponse(status=204),
        HttpResponse(status=500),
        HttpResponse(status=302, headers={"Location": "/next/"}),
        StreamingHttpResponse([b"a"]),
        FileResponse(io.BytesIO(b"a")),
        JsonResponse({}),
    ],
    ids=lambda response: f"{type(response).__name__} {response.status_code}",
)
def test_keys_are_written_into_the_header(response):  # case H-16
    http.write(response, of("a;x=1, b"))
    assert response["x-mizan-invalidate"] == "a;x=1, b"  # case H-8
    http.write(response, of("c"))
    assert response["X-Mizan-Invalidate"] == "c"


def test_no_keys_no_header():
    response = HttpResponse()
    http.write(response, Invalidation())
    assert not response.has_header(http.INVALIDATE)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_header_is_one_line_of_printable_ascii(value):  # cases H-1, H-2; Seen 1 and 2
    response = HttpResponse()
    http.write(response, Invalidation([Key("a", x=value)]))
    [line] = [
        line for line in response.serialize_headers().split(b"\r\n") if b"X-Mizan-Inv" in line
    ]
    assert re.fullmatch(rb"X-Mizan-Invalidate: a;x=[ -~]+", line)
    assert b"=?utf-8?" not in line
    assert of(line.decode().partition(": ")[2]) == Invalidation([Key("a", x=value)])


def test_a_call_says_its_keys_in_the_body_too():  # case R-19
    response = http.CallResponse({"id": 7})
    http.write(response, of("a;x=1, b"))
    said = {"result": {"id": 7}, "invalidate": [{"context": "a", "params": {"x": 1}}, "b"]}
    assert json.loads(response.content) == said
    assert response[http.INVALIDATE] == "a;x=1, b"


def test_a_call_with_no_keys_says_so_in_the_body():
    response = http.CallResponse(None)
    http.write(response, Invalidation())
    assert response.content == b'{"result":null,"invalidate":[]}'
    assert not response.has_header(http.INVALIDATE)


def test_a_call_whose_length_was_said_says_it_again():
    response = http.CallResponse("é")
    response["Content-Length"] = "4"
    http.write(response, of("a"))
    assert response["Content-Length"] == str(len(response.content)) == "38"


def test_a_call_that_is_encoded_already_is_left_as_it_is():
    response = http.CallResponse(1)
    response["Content-Encoding"] = "gzip"
    before = response.content
    http.write(response, of("a"))
    assert (response.content, response[http.INVALIDATE]) == (before, "a")


def test_json_is_an_answer_for_programs_alone():  # case R-20
    response = http.JsonResponse({"a": "é"}, status=409)
    assert (response.status_code, response.content) == (409, b'{"a":"\\u00e9"}')
    assert dict(response.items()) == {
        "Content-Type": "application/json",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_json_has_no_number_for_is_refused(number):  # case R-4
    with pytest.raises(ValueError, match="not JSON compliant"):
        http.to_json({"a": number})


@pytest.mark.parametrize(
    ("path", "headers", "asks"),
    [
        ("/shelf/1/", {}, False),
        ("/shelf/1/", {"HX-Request": "true"}, True),
        ("/shelf/1/", {"HX-Request": "false"}, False),
        ("/shelf/1/", {"X-Mizan-Epoch": ""}, True),
        ("/shelf/1/", {"X-Mizan-Invalidate": "a"}, False),
        ("/api/mizan/session/", {}, True),
        ("/nowhere/", {}, False),
        ("/nowhere/", {"HX-Request": "true"}, True),
    ],
)
def test_who_is_told_the_epoch(path, headers, asks):
    request = RequestFactory().get(path, headers=headers)
    request.resolver_match = None if path == "/nowhere/" else resolve(path)
    assert http.asks_for_epoch(request) is asks


def test_an_epoch_tells_users_apart_and_does_not_name_them(settings):  # cases C-2, F-20
    epochs = [http.epoch(user) for user in (None, 1, 2, "3")]
    assert len({*epochs}) == 4
    assert all(re.fullmatch("[0-9a-f]{16}", epoch) for epoch in epochs)
    assert epochs == [http.epoch(user) for user in (None, "1", "2", 3)]
    settings.SECRET_KEY = "another"
    assert not {http.epoch(user) for user in (None, 1, 2, "3")} & {*epochs}
