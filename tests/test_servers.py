"""Over raw sockets, under gunicorn and uvicorn: what a client test cannot see."""

import json
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from mizan_htmx import Key
from mizan_htmx.keys import parse
from tests.library.pages import soup
from tests.servers.running import SERVERS, chunked, create, head, running

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(
        not all(find_spec(name) for name in ("gunicorn", "uvicorn", "h11", "httptools")),
        reason="not all of the dependency group `servers` is installed",
    ),
]
HEADER = "X-Mizan-Invalidate"
LIMIT = 65_536  # tests/servers/settings.py

HOSTILE = {
    "CR": "a\rb",
    "LF": "a\nb",
    "CRLF and a header": "x\r\nSet-Cookie: evil=1\r\nX-Mizan-Invalidate: *\r\n\r\n<html>",
    "folded": "a\r\n b\n\tc",
    "NUL": "a\0b",
    "line separators": "a\u2028b\u2029c\x85d",
    "separators that email knows": "ł\x0b\x0c\x1c\x1d\x1e",
    "DEL and ESC": "\x7f\x1b[31m",
    "latin-1": "caf\xe9 \xa0 \xff",
    "Łódź": "Łódź 😀 \ufeff\U0010ffff",
    "an encoded word": "=?utf-8?q?_b?=",
    "what the header is made of": '5, admin;a=1;b="2\\"%"%c3%a9" ?1 :x: *',
    "percent": "%2C %0d%0a %",
    "blank": "",
    "blanks": "  \t ",
    "long": "Łx" * 200,
}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    path = tmp_path_factory.mktemp("servers") / "database.sqlite3"
    create(path)
    return path


@pytest.fixture(scope="module", params=SERVERS)
def server(request, database):
    log = database.with_name(request.param.replace(" ", "-") + ".log")
    with running(request.param, database, log) as server:
        yield server


def told(reply):
    """The keys of a reply, which has one line of them and nothing but ASCII in its head."""
    assert not [byte for byte in reply.head if byte not in b"\r\n" and not 0x20 <= byte < 0x7F]
    assert all(b": " in line for line in reply.lines)
    (text,) = reply.all(HEADER)
    return [*parse(text)]


# case H-1, case H-2
@pytest.mark.parametrize("view", ["sync", "async"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_value_is_one_line_of_ascii(server, view, name):
    reply = server.post(f"/{view}/ok/", HOSTILE[name])
    assert (reply.status, reply.body) == (200, b"done")
    assert told(reply) == [Key("note", text=HOSTILE[name])]
    assert reply.all("Set-Cookie") == []


# case H-2: the client of a committed write gets its answer, so that nobody writes it twice
@pytest.mark.parametrize("mutation", ["write", "awrite"])
@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "NUL"])
def test_hostile_value_is_written_once(server, mutation, name):
    text = f"{server.kind} {mutation} {HOSTILE[name]}"
    body = json.dumps({"fn": mutation, "args": {"text": text}}).encode()
    kind = "Content-Type: application/json"
    reply = server.ask(b"POST", "/api/mizan/call/", kind, *server.token, body=body)
    key = Key("note", text=text)
    assert reply.status == 200, reply.body
    assert told(reply) == [key]
    assert json.loads(reply.body)["invalidate"] == [key.to_json()]
    read = server.ask(b"GET", f"/api/mizan/ctx/note/?text={quote_plus(text)}")
    assert json.loads(read.body) == {"times": 1}


# case H-16, case I-4, case I-5
@pytest.mark.parametrize("view", ["sync", "async"])
@pytest.mark.parametrize(
    ("shape", "status", "body"),
    [
        ("ok", 200, b"done"),
        ("empty", 204, b""),
        ("redirect", 302, b""),
        ("refused", 422, b"refused"),
        ("streamed", 200, b"streamed"),
        ("broken", 500, None),
    ],
)
def test_every_shape_of_an_answer_carries_it(server, view, shape, status, body):
    reply = server.post(f"/{view}/{shape}/", "Łódź\r\n")
    assert reply.status == status
    assert body is None or reply.body == body
    assert told(reply) == [Key("note", text="Łódź\r\n")]


# case I-9
def test_redirect_carries_it_to_its_target_once(server):
    reply = server.post("/sync/redirect/", "Łódź\r\n")
    (parked,) = reply.all("Set-Cookie")
    target, cookie = reply.all("Location")[0], f"Cookie: {parked.partition(';')[0]}"
    arrived = server.ask(b"GET", target, cookie)
    assert (arrived.status, arrived.body) == (200, b"seen")
    assert told(arrived) == [Key("note", text="Łódź\r\n")]
    (cleared,) = arrived.all("Set-Cookie")
    assert cleared.startswith(parked.partition("=")[0])
    assert "Max-Age=0" in cleared
    assert server.ask(b"GET", target).all(HEADER) == []
    assert server.ask(b"GET", "/api/mizan/session/", cookie).all(HEADER) == []


# case W-2
def test_every_place_of_an_async_view_reaches_the_request(server):
    reply = server.post("/spread/", "ł")
    places = ["sync_to_async", "to_thread", "gathered", "task", "view"]
    assert {*told(reply)} == {Key("note", text=f"ł {place}") for place in places}


# case W-1, case W-2
@pytest.mark.parametrize("path", ["/sync/ok/", "/async/ok/", "/sync/streamed/", "/async/redirect/"])
def test_nothing_bleeds_between_connections(server, path):
    values = [f"{path} {number} ł\u2028" for number in range(80)]
    with ThreadPoolExecutor(8) as clients:
        replies = [*clients.map(lambda value: server.post(path, value), values)]
    assert [told(reply) for reply in replies] == [[Key("note", text=value)] for value in values]


def test_fragment_with_an_async_query_refetches(server):
    (wrapper,) = soup(server.ask(b"GET", "/page/").body.decode()).find_all("div")
    first = server.ask(b"GET", wrapper["hx-get"])
    (etag,) = first.all("ETag")
    assert soup(first.body.decode()).b.text == wrapper.b.text
    same = server.ask(b"GET", wrapper["hx-get"], f"If-None-Match: {etag}")
    assert (same.status, same.body) == (304, b"")
    body = json.dumps({"fn": "awrite", "args": {"text": f"page {server.kind}"}}).encode()
    kind = "Content-Type: application/json"
    assert server.ask(b"POST", "/api/mizan/call/", kind, *server.token, body=body).status == 200
    fresh = server.ask(b"GET", wrapper["hx-get"], f"If-None-Match: {etag}")
    assert int(soup(fresh.body.decode()).b.text) == int(wrapper.b.text) + 1


# case A-9, case I-13
def test_header_of_a_request_and_a_read_say_nothing(server):
    for path in ("/seen/", "/api/mizan/ctx/note/?text=a"):
        reply = server.ask(b"GET", path, f"{HEADER}: *", "X_Mizan_Invalidate: *")
        assert reply.status == 200
        assert reply.all(HEADER) == []


# --- bodies

JSON = ("POST", "/api/mizan/call/", "Content-Type: application/json")
FORM = ("POST", "/api/mizan/call/write/", "Content-Type: application/x-www-form-urlencoded")
CALL = b'{"fn":"write","args":{"text":"x"}}'


def send(server, kind, *parts, lines=(), stop=False):
    method, path, content_type = kind
    opening = head(method.encode(), path, content_type, *server.token, *lines)
    return server.say(opening, *parts, stop=stop)


# case R-1
@pytest.mark.parametrize(
    ("kind", "size"),
    [(JSON, LIMIT + 1), (JSON, 4_000_000), (FORM, LIMIT + 1), (FORM, 4_000_000)],
    ids=["json", "long json", "form", "long form"],
)
def test_body_above_the_limit(server, kind, size):
    body = b"text=" + b"x" * (size - 5)
    reply = send(server, kind, body, lines=[f"Content-Length: {size}"])
    assert reply.status == 413
    assert reply.all(HEADER) == []


# case R-1
@pytest.mark.parametrize("kind", [JSON, FORM], ids=["json", "form"])
def test_chunked_body_above_the_limit(server, kind):
    body = b"text=" + b"x" * 4_000_000
    reply = send(server, kind, *chunked(body), lines=["Transfer-Encoding: chunked"])
    # Under WSGI Django reads no body without a length: there the call is empty.
    assert reply.status in ({413} if server.is_async else {400, 413, 422})
    assert reply.all(HEADER) == []


# case R-1
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("kind", [JSON, FORM], ids=["json", "form"])
def test_long_body_does_not_fill_the_memory(server, kind):
    before = server.peak()
    body = chunked(b"x" * 40_000_000, 1_000_000)
    reply = send(server, kind, *body, lines=["Transfer-Encoding: chunked"])
    assert 400 <= reply.status < 500
    assert server.peak() - before < 20_000_000


# case R-1
def test_chunked_body_is_read_where_it_can_be(server):
    reply = send(server, JSON, *chunked(CALL, 5), lines=["Transfer-Encoding: chunked"])
    assert reply.status == (200 if server.is_async else 400)


LYING = {
    "too long": (["Content-Length: 60000"], CALL),
    "far too long": (["Content-Length: 999999999999999999"], CALL),
    "too short": (["Content-Length: 5"], CALL),
    "nothing": (["Content-Length: 0"], CALL),
    "negative": (["Content-Length: -1"], CALL),
    "underscore": (["Content-Length: 1_0"], CALL),
    "plus": (["Content-Length: +34"], CALL),
    "no number": (["Content-Length: abc"], CALL),
    "two": (["Content-Length: 5", "Content-Length: 6"], CALL),
    "and chunked": (
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
        b"5\r\nhello\r\n0\r\n\r\n",
    ),
    "no size": (["Transfer-Encoding: chunked"], b"zz\r\nhello\r\n0\r\n\r\n"),
    "a huge chunk": (["Transfer-Encoding: chunked"], b"ffffffffffffffff\r\nhello"),
    "half a chunk": (["Transfer-Encoding: chunked"], b"5\r\nhel"),
    "another coding": (["Transfer-Encoding: gzip"], CALL),
    "none": ([], CALL),
}


# case R-1: the length lies, and then no more comes
@pytest.mark.parametrize("kind", [JSON, FORM], ids=["json", "form"])
@pytest.mark.parametrize("name", LYING)
def test_body_whose_length_lies_is_no_error_of_the_server(server, kind, name):
    lines, body = LYING[name]
    if kind is FORM and body is CALL:
        body = b"other=1&text=half"
    before = server.log.stat().st_size
    reply = send(server, kind, body, lines=lines, stop=True)
    if reply.raw:
        assert 400 <= reply.status < 500
    else:  # where the rest never comes, an ASGI server has nobody left to answer
        assert server.is_async
    assert reply.all(HEADER) == []
    assert server.ask(b"GET", "/seen/").status == 200
    with server.log.open() as log:
        log.seek(before)
        assert "Traceback" not in log.read()


FILE = (
    b'--B\r\nContent-Disposition: form-data; name="text"\r\n\r\nDelete nothing, but one draft'
    b'\r\n--B\r\nContent-Disposition: form-data; name="more"\r\n\r\nyes\r\n--B--\r\n'
)
MULTIPART = ("POST", "/api/mizan/call/write/", "Content-Type: multipart/form-data; boundary=B")


# case R-1: half of a text is another text
@pytest.mark.parametrize("end", [75, 100, len(FILE) - 6], ids=["a text", "a name", "its end"])
def test_form_that_broke_off_is_not_run(server, end):
    reply = send(server, MULTIPART, FILE[:end], lines=[f"Content-Length: {len(FILE)}"], stop=True)
    if reply.raw:
        assert reply.status == 400
    else:
        assert server.is_async
    assert reply.all(HEADER) == []


# case R-1: Django reads no form without a length, save an urlencoded one under ASGI
@pytest.mark.parametrize(
    ("kind", "body"),
    [(FORM, b"text=x"), (MULTIPART, FILE)],
    ids=["urlencoded", "multipart"],
)
def test_chunked_form_is_not_taken_for_an_empty_one(server, kind, body):
    kind = (kind[0], "/api/mizan/call/maybe/", kind[2])
    reply = send(server, kind, *chunked(body), lines=["Transfer-Encoding: chunked"])
    is_read = server.is_async and kind[2] == FORM[2]
    assert reply.status == (303 if is_read else 400)


def test_whole_form_is_run(server):
    reply = send(server, MULTIPART, FILE, lines=[f"Content-Length: {len(FILE)}"])
    assert reply.status == 303
