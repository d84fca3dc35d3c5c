"""Keys cross a redirect once, to its own target and nobody else: case I-9."""

import random
import string
import time
from types import SimpleNamespace

import pytest
from django.core import signing
from django.http import HttpResponse, HttpResponseNotModified
from django.views.decorators.cache import cache_page
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import etag

from mizan_htmx import affects
from mizan_htmx.invalidation import MAX_BYTES
from mizan_htmx.recording import record
from tests.library.mizan import news, shelf

HEADER, LOCATION = "X-Mizan-Invalidate", "Location"
pytestmark = pytest.mark.django_db


def redirecting(location, status=302, *keys):
    def view(request):
        for key in keys or [shelf(shelf_id=1)]:
            record(key)
        return HttpResponse(status=status, headers={LOCATION: location})

    return csrf_exempt(view)


@csrf_exempt
@etag(lambda request: "same")
def page(request):
    return HttpResponse(f"a page, {request.method}")


def parked(response):
    return {
        name: cookie
        for name, cookie in response.cookies.items()
        if name.startswith("mizan_parked_")
    }


@pytest.fixture
def site(serve):
    serve("page/", page)
    serve("café/", page)
    serve("write/", redirecting("/page/"))
    return serve


# case I-9
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_answer_behind_a_redirect_carries_the_keys_once(status, send, site):
    site("redirect/", redirecting("/page/?q=1#top", status))
    response = send("post", "/redirect/")
    assert response[HEADER] == "shelf;shelf_id=1"
    method = "post" if status > 303 else "get"
    response = send(method, "/page/?q=1")
    assert response.content == f"a page, {method.upper()}".encode()
    assert response[HEADER] == "shelf;shelf_id=1"
    assert response["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    again = send(method, "/page/?q=1")
    assert HEADER not in again.headers
    assert ("ETag" in again.headers) is (method == "get")


# case I-9
def test_the_cookie_that_carries_them(client, site):
    (cookie,) = parked(client.post("/write/", secure=True)).values()
    assert (cookie["max-age"], cookie["samesite"], cookie["path"]) == (60, "Lax", "/")
    assert cookie["httponly"]
    assert cookie["secure"]
    (cookie,) = parked(client.post("/write/")).values()
    assert not cookie["secure"]


# case I-9
def test_two_of_them_at_once_both_arrive(send, site):
    site("other/", redirecting("/page/", 302, news(), shelf(shelf_id=2)))
    send.client.cookies["theirs"] = "1"
    send("post", "/write/")
    send("post", "/other/")
    keys = send("get", "/page/")[HEADER].split(", ")
    assert sorted(keys) == ["news", "shelf;shelf_id=1", "shelf;shelf_id=2"]


# case I-9
@pytest.mark.parametrize("statuses", [(302, 302), (303, 301), (307, 307)])
def test_a_chain_of_redirects_parks_them_again(statuses, send, site):
    def passing(request):
        return HttpResponse(status=statuses[1], headers={LOCATION: "/page/"})

    site("first/", redirecting("/second/", statuses[0]))
    site("second/", csrf_exempt(passing))
    method = "post" if statuses[0] == 307 else "get"
    first = send("post", "/first/")
    second = send(method, "/second/")
    assert first[HEADER] == "shelf;shelf_id=1"
    assert (HEADER in second.headers) is (method == "post")
    spent = [name for name, cookie in parked(second).items() if cookie["max-age"] == 0]
    assert spent == list(parked(first))
    assert send(method, "/page/")[HEADER] == "shelf;shelf_id=1"
    assert HEADER not in send(method, "/page/").headers


# case I-9
def test_a_request_that_brings_keys_asks_for_a_whole_answer(send, site):
    tag = send("get", "/page/")["ETag"]
    conditions = {"If-None-Match": tag, "If-Modified-Since": "Fri, 20 Nov 2099 00:00:00 GMT"}
    assert send("get", "/page/", headers=conditions).status_code == 304
    send("post", "/write/")
    response = send("get", "/page/", headers=conditions)
    assert (response.status_code, response[HEADER]) == (200, "shelf;shelf_id=1")
    assert send("get", "/page/", headers=conditions).status_code == 304


# case H-19
def test_a_304_never_carries_them_and_they_are_still_there(send, site):
    answers = [HttpResponseNotModified(), HttpResponse()]
    site("stubborn/", lambda request: answers.pop(0))
    site("redirect/", redirecting("/stubborn/"))
    send("post", "/redirect/")
    response = send("get", "/stubborn/")
    assert (response.status_code, HEADER in response.headers) == (304, False)
    assert send("get", "/stubborn/")[HEADER] == "shelf;shelf_id=1"


# case I-9
def test_a_navigation_spends_them_without_a_word(send, site):
    send("post", "/write/")
    response = send("get", "/page/", headers={"Sec-Fetch-Mode": "navigate"})
    assert HEADER not in response.headers
    assert response["Cache-Control"] == "no-store"
    assert HEADER not in send("get", "/page/").headers


# case I-9
@pytest.mark.parametrize(
    ("location", "arrives"),
    [
        ("/page/", True),
        ("page/", False),
        ("../page/", True),
        ("/x/../page/", True),
        ("//testserver/page/", True),
        ("http://testserver/page/", True),
        ("http://testserver:80/page/", True),
        ("HTTP://TESTSERVER/page/", True),
        ("/page/?next=//evil.test", True),
        ("http://evil.test/page/", False),
        ("//evil.test/page/", False),
        ("http://testserver:8000/page/", False),
        ("http://testserver.evil.test/page/", False),
        ("http://testserver@evil.test/page/", False),
        ("javascript:alert(1)", False),
        ("http://[/", False),
        ("http://testserver:port/page/", False),
        ("", False),
        ("/elsewhere/", False),
    ],
)
def test_only_the_target_gets_them_and_only_on_this_site(location, arrives, send, site):
    site("redirect/", redirecting(location))
    response = send("post", "/redirect/")
    assert (response.status_code, response[HEADER]) == (302, "shelf;shelf_id=1")
    assert (HEADER in send("get", "/page/").headers) is arrives


# case I-9
@pytest.mark.parametrize("location", ["/café/", "/caf%C3%A9/", "/caf%c3%a9/?x"])
def test_a_path_may_be_spelt_in_several_ways(location, client, site):
    site("redirect/", redirecting(location))
    client.post("/redirect/")
    assert client.get("/café/")[HEADER] == "shelf;shelf_id=1"


# case I-9
def test_a_login_on_the_way_gets_them(send, site):
    site("login/", page)
    site("redirect/", redirecting("/login/?next=/page/"))
    send("post", "/redirect/")
    assert send("get", "/login/?next=/page/")[HEADER] == "shelf;shelf_id=1"


# case I-9, A-9
@pytest.mark.parametrize(
    "spoil", ["tampered", "renamed", "foreign path", "unsigned", "old", "late"]
)
def test_what_was_not_parked_here_and_now_is_ignored(spoil, client, site, monkeypatch):
    if spoil == "late":
        then = SimpleNamespace(time=lambda: time.time() - 61)
        monkeypatch.setattr(signing, "time", then)
    client.post("/write/")
    monkeypatch.undo()
    ((name, cookie),) = [item for item in client.cookies.items() if "parked" in item[0]]
    text = signing.dumps("*", salt="mizan_htmx.parked:/other/")
    values = {"tampered": cookie.value[:-1] + "_", "foreign path": text, "unsigned": "*", "old": ""}
    client.cookies[name] = values.get(spoil, cookie.value)
    if spoil == "renamed":
        del client.cookies[name]
        client.cookies["Mizan_parked_1"] = cookie.value
    response = client.get("/page/")
    assert HEADER not in response.headers
    assert "ETag" in response.headers


# case I-13
def test_what_a_get_records_is_not_parked(send, site):
    response = send("get", "/write/")
    assert (response.status_code, HEADER in response.headers) == (302, False)
    assert not parked(response)
    assert HEADER not in send("get", "/page/").headers


@pytest.mark.parametrize("status", [200, 201, 300, 400])
def test_a_location_alone_is_no_redirect_but_any_3xx_with_one_is(status, send, site):
    site("redirect/", redirecting("/page/", status))
    assert bool(parked(send("post", "/redirect/"))) is (status == 300)


def test_a_redirect_that_says_nothing_parks_nothing(send, site):
    site(
        "plain/",
        csrf_exempt(lambda request: HttpResponse(status=302, headers={LOCATION: "/page/"})),
    )
    site("nowhere/", csrf_exempt(affects(shelf)(lambda request: HttpResponse(status=302))))
    assert not parked(send("post", "/plain/"))
    response = send("post", "/nowhere/")
    assert response[HEADER] == "shelf"
    assert not parked(response)


# case H-12
def test_the_longest_header_fits_a_cookie(client, site):
    noise = random.Random(0).choices(string.ascii_letters + string.digits, k=25 * 60)
    keys = [shelf(shelf_id="".join(noise[n : n + 60])) for n in range(0, len(noise), 60)]
    site("redirect/", redirecting("/page/", 302, *keys))
    response = client.post("/redirect/")
    assert MAX_BYTES - 200 < len(response[HEADER]) <= MAX_BYTES
    (cookie,) = parked(response).values()
    assert len(cookie.OutputString()) < 4096
    assert len(client.get("/page/")[HEADER]) == len(response[HEADER])


# case I-20
@pytest.mark.parametrize("how", ["view", "site"])
def test_no_stored_response_ever_holds_the_header(how, client, site, settings):
    from django.core.cache import cache

    cache.clear()
    if how == "site":
        first, *rest = settings.MIDDLEWARE
        update, fetch = "UpdateCacheMiddleware", "FetchFromCacheMiddleware"
        stored = [f"django.middleware.cache.{name}" for name in (update, fetch)]
        settings.MIDDLEWARE = [first, stored[0], *rest, stored[1]]
    rendered = []

    def stored(request):
        rendered.append(request)
        return HttpResponse("kept")

    site("stored/", cache_page(60)(stored) if how == "view" else stored)
    site("redirect/", redirecting("/stored/"))
    client.post("/redirect/")
    headers = [client.get("/stored/").headers.get(HEADER) for _ in range(4)]
    assert headers == ["shelf;shelf_id=1", None, None, None]
    assert len(rendered) < 4
    cache.clear()
