"""A call's body picks nothing but a name, and whatever it holds, the answer is data."""

import json
import sys
import time

import pytest

from mizan_htmx import mutation, rpc
from tests.library.models import Book

CALL, NAMED = "/api/mizan/call/", "/api/mizan/call/add_book/"
MIB = 2**20
JSON = "application/json"


def nested(depth, inner="1"):
    return b"[" * depth + inner.encode() + b"]" * depth


# case
HOSTILE = {
    "nothing": b"",
    "blank": b" \n",
    "half an object": b"{",
    "a bracket too many": b"{}}",
    "two objects": b"{}{}",
    "a number": b"5",
    "a text": b'"shelf_id title"',
    "null": b"null",
    "true": b"true",
    "a list": b"[]",
    "a list of names": b'["shelf_id", "title"]',
    "a list of lists": b"[[]]",
    "1 MB of brackets": b"[" * MIB,
    "1 MB of newlines": b"\n" * MIB,
    "1 MB of commas": b"," * MIB,
    "1 MB of objects": b'{"a":' * (MIB // 5),
    "a thousand deep": nested(1000),
    "a hundred thousand deep": nested(100_000),
    "100k items": json.dumps([1] * 100_000).encode(),
    "NaN": b'{"shelf_id": NaN}',
    "Infinity": b'{"shelf_id": Infinity}',
    "-Infinity": b'{"shelf_id": -Infinity}',
    "1e400": b'{"shelf_id": 1e400}',
    "-1e400": b'{"shelf_id": -1e400}',
    "5,000 digits": b'{"shelf_id": ' + b"9" * 5000 + b"}",
    "-5,000 digits": b'{"shelf_id": -' + b"9" * 5000 + b"}",
    "octal": b'{"shelf_id": 01}',
    "plus": b'{"shelf_id": +1}',
    "hexadecimal": b'{"shelf_id": 0x1}',
    "a trailing comma": b'{"shelf_id": 1,}',
    "single quotes": b"{'shelf_id': 1}",
    "a comment": b'{"shelf_id": 1} // one',
    "a control character": b'{"title": "a\x00b"}',
    "a raw newline": b'{"title": "a\nb"}',
    "a name twice": b'{"title": "a", "title": "b"}',
    "an escaped name twice": b'{"title": "a", "\\u0074itle": "b"}',
    "a name twice inside": b'{"title": {"a": 1, "b": 2, "a": 3}}',
    "latin-1": '{"title": "é"}'.encode("latin-1"),
    "utf-16": '{"title": "x"}'.encode("utf-16"),
    "utf-16 without a mark": '{"title": "x"}'.encode("utf-16-le"),
    "utf-32": '{"title": "x"}'.encode("utf-32"),
    "utf-7": '{"title": "é"}'.encode("utf-7") + b"\xff",
    "a byte order mark": b'\xef\xbb\xbf{"title": "x"}',
    "a raw surrogate": b'{"title": "\xed\xa0\x80"}',
    "an overlong slash": b'{"title": "\xc0\xaf"}',
    "a lone surrogate": b'{"title": "\\ud800"}',
    "a lone low surrogate": b'{"title": "a\\uDC00"}',
    "surrogates the wrong way round": b'{"title": "\\udc00\\ud800"}',
    "a lone surrogate in a name": b'{"\\uDBFFtitle": "x"}',
    "pickle": b"\x80\x04\x95\x1a\x00.",
    "xml": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    "yaml": b"!!python/object/apply:os.system ['true']",
}


@pytest.fixture
def posted(client, hall):
    client.raise_request_exception = False

    def post(path, body, content_type=JSON, **headers):
        before = time.process_time()
        extra = {"CONTENT_TYPE": content_type}  # also where the body is empty
        response = client.post(path, body, content_type, headers=headers, **extra)
        assert time.process_time() - before < 0.5
        assert Book.objects.count() == 2
        assert "X-Mizan-Invalidate" not in response.headers
        return response

    return post


def error(response):
    """The error, and that it is nothing but data."""
    assert response["Content-Type"] == JSON
    assert response["X-Content-Type-Options"] == "nosniff"
    (body,) = json.loads(response.content).values()
    assert set(body) == {"code", "message", "details"}
    assert len(response.content) < 10_000
    assert b"Traceback" not in response.content
    return response.status_code, body["code"]


# case
@pytest.mark.parametrize("path", [CALL, NAMED])
@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_bodies(body, path, posted):
    assert error(posted(path, HOSTILE[body])) == (400, "bad_request")


# case R-2, P-1
@pytest.mark.parametrize("path", [CALL, NAMED])
def test_a_hundred_thousand_names(path, posted):
    names = {f"k{number}": 1 for number in range(80_000)}
    body = names if path == NAMED else {"fn": "add_book", "args": names}
    assert error(posted(path, json.dumps(body))) == (422, "invalid")


# case P-2, R-2
CALLS = {
    "no name": {"args": {}},
    "nothing": {},
    "a third": {"fn": "add_book", "args": {}, "id": 1},
    "args is a list": {"fn": "add_book", "args": []},
    "args is null": {"fn": "add_book", "args": None},
    "args is a text": {"fn": "add_book", "args": "shelf_id"},
    "a batch": [{"fn": "add_book"}],
}


@pytest.mark.parametrize("body", CALLS)
def test_what_is_no_call(body, posted):
    assert error(posted(CALL, json.dumps(CALLS[body]))) == (400, "bad_request")


# case P-2
def test_a_name_that_stands_twice_calls_neither(posted):
    body = b'{"fn": "news", "args": {"shelf_id": 1, "title": "x"}, "fn": "add_book"}'
    assert error(posted(CALL, body)) == (400, "bad_request")


# case R-3
@pytest.mark.parametrize("limit", [3, 32])
def test_depth_is_limited_before_anybody_looks(limit, posted, settings):
    settings.MIZAN = {"MAX_DEPTH": limit}
    for depth, status in ((limit, 422), (limit + 1, 400)):
        body = b'{"title": ' + nested(depth - 1) + b', "shelf_id": 1}'
        assert posted(NAMED, body).status_code == status
        body = b'{"fn": "add_book", "args": {"title": ' + nested(depth - 2) + b"}}"
        assert posted(CALL, body).status_code == status


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("\\ud83d\\ude00", "😀"),
        ("😀", "😀"),
        ("\\\\ud800", "\\ud800"),
        ("\\u00e9", "é"),
        ("\\/", "/"),
    ],
    ids=ascii,
)
def test_what_is_a_text_is_taken(text, value):
    assert rpc.decode(f'{{"a": "{text}"}}'.encode()) == {"a": value}


# case
NAMES = """
    nothing Add_book ADD_BOOK add_book. .add_book add_book.function add_book.__globals__
    __init__.__globals__ __class__ __import__ os.system tests.library.mizan.add_book ../add_book
    add_book/../add_book add_book%00 shelf books Book constructor __proto__ toString
"""
SPELT = ["", " add_book", "add_book ", "add_book\n", "add_book\0", "\u0430dd_book"]
OTHERS = [None, 5, 1.5, True, [], ["add_book"], {}, {"name": "add_book"}]
LISTENED = {"import", "exec", "compile", "os.system", "subprocess.Popen", "pickle.find_class"}
audit = None  # an audit hook stays for ever; this one listens while there is a list


def listen(event, args):
    if audit is not None and event in LISTENED:
        audit.append((event, args[:1]))


sys.addaudithook(listen)


# case
def test_no_name_but_a_mutations_is_found_and_nothing_is_imported_for_it(posted, monkeypatch):
    def ask(name):
        return posted(CALL, json.dumps({"fn": name, "args": {}}))

    nothing = ask("nothing").content
    with monkeypatch.context() as listening:
        listening.setattr(sys.modules[__name__], "audit", [])
        answers = [ask(name) for name in [*NAMES.split(), *SPELT, *OTHERS]]
        heard = list(audit)
        with pytest.raises(ImportError):
            __import__("nowhere")
        assert audit == [*heard, ("import", ("nowhere",))]
    assert heard == []
    assert {answer.content for answer in answers} == {nothing}
    assert {error(answer) for answer in answers} == {(404, "not_found")}


# case R-7
@pytest.mark.parametrize("name", ["nothing", "Add_book", "add_book ", "__class__", "os.system"])
def test_by_url_neither(name, posted):
    response = posted(f"{CALL}{name}/", b"{}")
    assert error(response) == (404, "not_found")
    assert response.content == posted(CALL, b'{"fn": "nothing"}').content


# case R-9
@pytest.mark.parametrize(
    "value",
    [
        {"$type": "System.IO.FileInfo", "path": "/etc/passwd"},
        {"__class__": "os.system", "args": ["true"]},
        {"py/object": "os.system"},
        {"$ref": "file:///etc/passwd"},
        {"value": ["v", {"s": "bigint", "class": "Evil"}]},
        {"pickle": "gASVGgAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOULg=="},
        {"yaml": "!!python/object/apply:os.system ['true']"},
        {"__proto__": {"admin": True}, "constructor": {"prototype": {}}},
    ],
)
def test_tagged_values_are_values(value, call, declaring, db):
    @mutation
    def echo(request, value: dict) -> dict:
        assert type(value) is dict
        return value

    declaring.close()
    assert call("echo", value=value).json()["result"] == value
