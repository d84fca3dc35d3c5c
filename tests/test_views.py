"""The views: their methods and codes, contexts, sessions, and whose page may call."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client, override_settings

from mizan_htmx import Context, http, mutation
from mizan_htmx.references import Reference
from tests.library.mizan import shelf
from tests.library.models import Book

BASE = "/api/mizan/"
CALL, NAMED = f"{BASE}call/", f"{BASE}call/add_book/"
CTX, FRAGMENT = f"{BASE}ctx/", f"{BASE}fragment/"
JSON = "application/json"
HEADER = "X-Mizan-Invalidate"


def reference(*contexts, block=""):
    return Reference("library/_name.html", block, contexts, "en").sign()


# protocol.md, "Errors are data": (method, path, body, its type, headers), status, code, more
ERRORS = [
    (("post", CALL, b"{", JSON, {}), 400, "bad_request"),
    (("get", f"{FRAGMENT}?f=forged", {}, None, {}), 400, "bad_request"),
    (("get", f"{CTX}mine/", {}, None, {}), 401, "unauthenticated"),
    (("post", f"{BASE}call/clear/", {"shelf_id": 1}, JSON, {}), 401, "unauthenticated"),
    (("get", f"{CTX}stock/", {}, None, {"Cookie": "owner"}), 403, "forbidden"),
    (("post", NAMED, {}, JSON, {"Origin": "https://evil.test"}), 403, "csrf"),
    (("get", f"{CTX}nothing/", {}, None, {}), 404, "not_found"),
    (("get", f"{CTX}book/?book_id=999", {}, None, {}), 404, "not_found"),
    (("get", CALL, {}, None, {}), 405, "method_not_allowed"),
    (("get", f"{FRAGMENT}?f={reference('news', block='gone')}", {}, None, {}), 409, "changed"),
    (("post", NAMED, {}, JSON, {http.EPOCH: "somebody else's"}), 409, "user_changed"),
    (("post", CALL, b" " * (2**20 + 1), JSON, {}), 413, "too_large"),
    (("post", CALL, b"{}", "text/plain", {}), 415, "unsupported_media_type"),
    (("get", f"{CTX}shelf/", {}, None, {}), 422, "invalid"),
    (("post", CALL, {"fn": "add_book"}, JSON, {}), 422, "invalid"),
]


# case R-20
@pytest.mark.parametrize(("request_", "status", "code"), ERRORS, ids=lambda value: str(value)[:50])
def test_the_table_of_errors(request_, status, code, owner):
    method, path, body, kind, headers = request_
    client = Client(enforce_csrf_checks=code == "csrf", raise_request_exception=False)
    if headers == {"Cookie": "owner"}:
        client.force_login(owner)
        headers = {}
    extra = {"content_type": kind} if kind else {}
    response = getattr(client, method)(path, body, headers=headers, **extra)
    assert response.status_code == status
    assert response["Content-Type"] == JSON
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    (error,) = response.json().values()
    assert list(response.json()) == ["error"]
    assert error["code"] == code
    assert error["message"]
    assert all(set(detail) == {"loc", "message"} for detail in error["details"])
    assert bool(error["details"]) is (status == 422)
    assert HEADER not in response.headers


# case R-10
METHODS = ["get", "head", "options", "put", "patch", "delete", "trace", "post"]
READS, WRITES = ["get", "head"], ["post"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (f"{BASE}session/", READS),
        (f"{CTX}news/", READS),
        (f"{FRAGMENT}?f={reference('news')}", READS),
        (CALL, WRITES),
        (NAMED, WRITES),
        (f"{BASE}call/nothing/", WRITES),
    ],
    ids=["session", "ctx", "fragment", "call", "named", "nothing"],
)
def test_methods(path, allowed, method, client, hall):
    overridden = {"X-HTTP-Method-Override": "POST", "X-Method-Override": "GET"}
    response = getattr(client, method)(path, headers=overridden, query_params={})
    if method in allowed:
        assert response.status_code in (200, 204, 404, 415, 422)
    else:
        assert response.status_code == 405
        assert response["Allow"] == ("GET, HEAD" if allowed is READS else "POST")
    assert Book.objects.count() == 2
    assert HEADER not in response.headers


# case R-10
def test_a_method_in_the_body_is_a_field_like_any_other(client, hall):
    body = {"_method": "DELETE", "shelf_id": hall.pk, "title": "x"}
    assert client.post(NAMED, body, headers={"HX-Request": "true"}).status_code == 204
    response = client.generic("GET", f"{CTX}news/?limit=1", b'{"limit": 3}', JSON)
    assert response.json() == {"headlines": ["x"]}


# case R-6
@pytest.mark.parametrize(
    ("kind", "call", "named"),
    [
        (JSON, 422, 422),
        ("application/json; charset=utf-8", 422, 422),
        ('application/json; charset="UTF-8"', 422, 422),
        ("Application/JSON", 422, 422),
        ("application/json; charset=utf-7", 415, 415),
        ("application/json; charset=latin-1", 415, 415),
        ("application/jsonp", 415, 415),
        ("application/vnd.api+json", 415, 415),
        ("text/json", 415, 415),
        ("text/plain", 415, 415),
        ("text/plain; application/json", 415, 415),
        ("application/xml", 415, 415),
        ("application/x-www-form-urlencoded", 415, 422),
        ("application/x-www-form-urlencoded; charset=utf-16", 415, 415),
        ("multipart/form-data; boundary=x", 415, 422),
        ("", 415, 415),
    ],
)
def test_media_types(kind, call, named, client, db):
    htmx = {"HX-Request": "true"}
    body = b'{"fn": "add_book"}'
    assert client.post(CALL, body, kind, headers=htmx).status_code == call
    body = b"--x--\r\n" if "boundary" in kind else b"{}"
    assert client.post(NAMED, body, kind, headers=htmx).status_code == named


def test_a_call_by_name_and_a_call_by_url_answer_alike(client, hall):
    args = {"shelf_id": hall.pk, "title": "Emma"}
    expected = [{"context": "shelf", "params": {"shelf_id": hall.pk}}, "news"]
    for path, body in ((CALL, {"fn": "add_book", "args": args}), (NAMED, args)):
        response = client.post(path, body, content_type=JSON)
        assert response.status_code == 200
        result = {"id": Book.objects.last().pk, "title": "Emma", "lent": False}
        assert response.json() == {"result": result, "invalidate": expected}
        assert response[HEADER] == f"shelf;shelf_id={hall.pk}, news"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "no-store"


def test_a_view_path_goes_out_as_it_is_with_the_header(client, hall):
    args = {"shelf_id": hall.pk, "name": "Cellar"}
    for path, body in ((CALL, {"fn": "rename", "args": args}), (f"{BASE}call/rename/", args)):
        response = client.post(path, body, content_type=JSON)
        assert response["Content-Type"].startswith("text/html")
        assert response.content.strip() == b"<h1>Cellar</h1>"
        assert response[HEADER] == f"shelf;shelf_id={hall.pk}"


def test_args_default_to_none(call, declaring, db):
    @mutation
    def ping(request) -> str:
        return "pong"

    declaring.close()
    assert call("ping").json() == {"result": "pong", "invalidate": []}
    response = Client().post(CALL, '{"fn": "ping"}', content_type=JSON)
    assert response.json()["result"] == "pong"


# case P-5
def test_a_large_integer_comes_back_as_it_was(call, client, declaring, db):
    large = Context("large")

    @large.query
    def doubled(request, n: int) -> list[int]:
        return [n, 2**53]

    @mutation(affects=large)
    def write(request, n: int) -> dict[str, int]:
        return {"n": n, "small": 2**53}

    declaring.close()
    for n in (2**53 + 1, str(2**53 + 1)):
        response = call("write", n=n)
        assert response[HEADER] == 'large;n="9007199254740993"'
        assert response.json() == {
            "result": {"n": "9007199254740993", "small": 2**53},
            "invalidate": [{"context": "large", "params": {"n": "9007199254740993"}}],
        }
        assert client.get(f"{CTX}large/", {"n": n}).json() == {
            "doubled": ["9007199254740993", 2**53]
        }


ROUTES = """
    ctx/news/x.css ctx/news/x.css/ ctx/news;.js/ ctx/news%2f/ ctx/news%2fx/ ctx// ctx//news/
    ctx/news./ ctx/news.json/ ctx/.news/ ctx/news%00/ ctx/NEWS/ ctx/news%20/ ctx/ ctx/../news/
    call/x.js call// session/x.css fragment/x
"""


# case A-10
@pytest.mark.parametrize("path", ROUTES.split())
def test_routes_are_exact(path, client, hall):
    response = client.get(f"{BASE}{path}", follow=True)
    assert response.status_code in (404, 405)
    assert b"Emma" not in response.content
    if response["Content-Type"] == JSON:
        assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("httponly", [True, False])
@pytest.mark.parametrize("in_session", [True, False])
def test_a_session_gives_a_token_that_calls_are_made_with(in_session, httponly, hall):
    client = Client(enforce_csrf_checks=True)
    with override_settings(CSRF_USE_SESSIONS=in_session, CSRF_COOKIE_HTTPONLY=httponly):
        response = client.get(f"{BASE}session/")
        assert (response.status_code, response.content) == (204, b"")
        assert response["Cache-Control"] == "no-store"
        assert ("csrftoken" in response.cookies) is not in_session
        args = {"shelf_id": hall.pk, "title": "x"}
        body, headers = json.dumps({"fn": "add_book", "args": args}), {}
        assert client.post(CALL, body, content_type=JSON, headers=headers).status_code == 403
        headers["X-CSRFToken"] = response["X-CSRFToken"]
        assert client.post(CALL, body, content_type=JSON, headers=headers).status_code == 200


@pytest.mark.parametrize("path", [CALL, NAMED, "form"])
@pytest.mark.parametrize(
    ("page", "session", "runs"),
    [
        (None, "owner", True),
        ("owner", "owner", True),
        ("nobody", "nobody", True),
        ("", "owner", True),
        ("nobody", "owner", False),
        ("owner", "nobody", False),
        ("owner", "other", False),
        ("forged", "nobody", False),
    ],
)
def test_a_page_made_for_somebody_else_may_not_call(page, session, runs, path, client, hall, owner):
    people = {"owner": owner, "other": get_user_model().objects.create_user("other")}
    people |= {"nobody": None}
    if people[session]:
        client.force_login(people[session])
    epochs = {name: http.epoch(user and user.pk) for name, user in people.items()}
    headers = {} if page is None else {http.EPOCH: epochs.get(page, page)}
    args = {"shelf_id": hall.pk, "title": "x"}
    body = {"fn": "add_book", "args": args} if path == CALL else args
    kind = {"headers": {**headers, "HX-Request": "true"}}
    if path != "form":
        kind["content_type"] = JSON
    response = client.post(NAMED if path == "form" else path, body, **kind)
    assert Book.objects.filter(title="x").exists() is runs
    assert response[http.EPOCH] == epochs[session]
    if not runs:
        assert response.status_code == 409
        assert response.json()["error"]["code"] == "user_changed"


def test_a_view_of_somebody_elses_is_never_stopped_by_it(client, serve, db):
    def view(request):
        shelf.invalidate()
        return HttpResponse("done")

    serve("write/", view)
    response = client.post("/write/", headers={http.EPOCH: "somebody else's"})
    assert (response.content, response[HEADER]) == (b"done", "shelf")
    assert response[http.EPOCH] == http.epoch(None)
