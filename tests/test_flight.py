"""Single flight: a write's own answer brings what it made stale."""

import gzip
import json
import re
from urllib.parse import urlencode

import pytest
from asgiref.sync import async_to_sync, iscoroutinefunction, sync_to_async
from bs4 import BeautifulSoup
from django.contrib.auth import logout
from django.db import OperationalError
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.test import AsyncClient, Client, override_settings
from django.urls import path
from django.utils import timezone, translation
from django.utils.decorators import sync_and_async_middleware

from mizan_htmx import Key, affects, flight, fresh
from mizan_htmx.references import Reference
from tests.library.mizan import news, shelf
from tests.library.models import Book, Shelf
from tests.test_fresh import item

ON = {"SINGLE_FLIGHT": True}
PAGE = (
    '{% fragment "shelf" shelf_id=shelf.pk %}{{ stats.total }}{% endfragment %}'
    '{% fragment "news" %}{{ headlines.0 }}{% endfragment %}'
    '{% fragment "shelf" shelf_id=other.pk %}{{ stats.total }}{% endfragment %}'
)


@pytest.fixture(autouse=True)
def standing_still():
    """However slow the machine is, nothing is left out for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flight, "clock", lambda: 0.0)
        patch.setattr(fresh, "clock", lambda: 0.0)
        patch.setattr(fresh, "_slow", {})
        yield


@pytest.fixture
def other(owner):
    return Shelf.objects.create(name="Attic", owner=owner)


@pytest.fixture
def shown(pages, hall, other):
    """The items of a page: its first shelf, the news, another shelf."""
    return [item(e) for e in pages.show(PAGE, shelf=hall, other=other).find_all("div")]


def mounted(*fragments, contexts=()):
    pairs = [*(("f", text) for text in fragments), *(("c", text) for text in contexts)]
    return {"X-Mizan-Mounted": urlencode(pairs)}


def brought(response):
    """What stands in the element at the end of an answer, and the answer without it."""
    text = response.content.decode()
    match = re.search(r"<script type=\"application/json\" data-mizan-fresh>(.*?)</script>\Z", text)
    return (json.loads(match[1]), text[: match.start()]) if match else (None, text)


def add(title="Sanditon"):
    def view(request, shelf_id):
        Book.objects.create(shelf_id=shelf_id, title=title)
        return HttpResponse("<p>added</p>")

    return affects(shelf, "news")(view)


def test_a_call_brings_what_it_made_stale_and_nothing_else(call, shown, hall, other):
    keys = [f"shelf;shelf_id={hall.pk}", f"shelf;shelf_id={other.pk}", "book;book_id=1"]
    answer = call("add_book", mounted(*shown, contexts=keys), shelf_id=hall.pk, title="Sanditon")
    body = answer.json()
    assert list(body) == ["result", "invalidate", "fresh"]
    fragments = body["fresh"]["fragments"]
    assert {text: found["html"] for text, found in fragments.items()} == {
        shown[0]: "3",
        shown[1]: "Sanditon",
    }
    assert list(body["fresh"]["contexts"]) == keys[:1]
    assert body["fresh"]["contexts"][keys[0]]["data"]["stats"] == {"total": 3, "lent": 1}
    assert "X-Mizan-Invalidate" in answer


def test_without_a_list_of_what_is_mounted_nothing_is_brought(call, hall):
    assert "fresh" not in call("add_book", shelf_id=hall.pk, title="Sanditon").json()


def test_a_call_that_is_refused_or_affects_nothing_shown_brings_nothing(call, shown, hall):
    refused = call("add_book", mounted(*shown), shelf_id=hall.pk, title=" ")
    assert (refused.status_code, list(refused.json())) == (422, ["error"])
    brings = call("add_book", mounted(shown[2]), shelf_id=hall.pk, title="x").json()["fresh"]
    assert brings == {"fragments": {}, "contexts": {}}


def test_html_answers_bring_it_at_their_end_where_the_setting_says_so(client, shown, serve, hall):
    serve("add/<int:shelf_id>/", add())
    url = f"/add/{hall.pk}/"
    found, html = brought(client.post(url, headers=mounted(*shown)))
    assert (found, html) == (None, "<p>added</p>")
    with override_settings(MIZAN=ON):
        response = client.post(url, headers=mounted(*shown))
    found, html = brought(response)
    assert html == "<p>added</p>"
    assert {text: f["html"] for text, f in found["fragments"].items()} == {
        shown[0]: "4",
        shown[1]: "Sanditon",
    }
    assert int(response["Content-Length"]) == len(response.content)


def test_a_form_of_mutate_answers_with_the_element_alone(client, shown, hall):
    with override_settings(MIZAN=ON):
        response = client.post(
            "/api/mizan/call/add_book/",
            {"shelf_id": hall.pk, "title": "Sanditon"},
            headers={"HX-Request": "true", **mounted(*shown)},
        )
    found, html = brought(response)
    assert (response.status_code, html) == (200, "")
    assert response["HX-Reswap"] == "none"
    assert response["Content-Type"].startswith("text/html")
    assert found["fragments"][shown[0]]["html"] == "3"


# case I-9
def test_after_a_redirect_the_answer_that_spends_the_cookie_brings_it(client, shown, serve, hall):
    def leave(request, shelf_id):
        Book.objects.create(shelf_id=shelf_id, title="Sanditon")
        return HttpResponseRedirect("/there/")

    serve("leave/<int:shelf_id>/", affects(shelf)(leave))
    serve("there/", lambda request: HttpResponse("<p>here</p>"))
    with override_settings(MIZAN=ON):
        response = client.post(f"/leave/{hall.pk}/", headers=mounted(*shown))
        assert b"data-mizan-fresh" not in response.content
        found, html = brought(client.get("/there/", headers=mounted(*shown)))
        assert html == "<p>here</p>"
        assert found["fragments"][shown[0]]["html"] == "3"
        again, _ = brought(client.get("/there/", headers=mounted(*shown)))
        assert again is None


# case A-2, A-3: an inventory is a wish, and each item is authorised
def test_a_tampered_inventory_brings_what_its_bearer_could_have_fetched(client, shown, serve, hall):
    serve("all/", affects(Key.ANY)(lambda request: HttpResponse("ok")))
    signed, _, _ = shown[0].partition("?")
    forged = [f"{signed}x?shelf_id=1", "x?y=1", f"{signed}?shelf=1"]
    wishes = [f"owned;shelf_id={hall.pk}", "mine", "stock", "a, b", "shelf", "gone"]
    with override_settings(MIZAN=ON):
        found, _ = brought(client.post("/all/", headers=mounted(*forged, contexts=wishes)))
    assert [item["status"] for item in found["fragments"].values()] == [400, 400, 422]
    statuses = [item["status"] for item in found["contexts"].values()]
    assert statuses == [401, 401, 401, 400, 422, 404]
    assert all(set(item) == {"status"} for item in found["contexts"].values())


@pytest.mark.parametrize(
    "value", ["x=1", "f=" + "a" * 4_000, "", "&".join(["c=a"] * 5), "&".join(["c"] * 1_900)]
)
def test_an_inventory_that_cannot_be_read_costs_nothing(value, call, hall):
    answer = call("add_book", {"X-Mizan-Mounted": value}, shelf_id=hall.pk, title="Sanditon")
    assert answer.status_code == 200
    assert answer.json().get("fresh", {"fragments": {}}).get("fragments") == {}


# case B-2, INV-9
def test_time_and_size_are_bounded(call, shown, hall, monkeypatch):
    times = iter([0, 0.1, 0.6, 0.7])
    monkeypatch.setattr(flight, "clock", lambda: next(times))
    headers = mounted(*shown, contexts=[f"shelf;shelf_id={hall.pk}", "news"])
    body = call("add_book", headers, shelf_id=hall.pk, title="a").json()["fresh"]
    assert (len(body["fragments"]), len(body["contexts"])) == (2, 0)
    monkeypatch.undo()
    monkeypatch.setattr(flight, "MAX_CHARACTERS", 10)
    body = call("add_book", headers, shelf_id=hall.pk, title="b").json()["fresh"]
    assert (len(body["fragments"]), len(body["contexts"])) == (1, 0)


# case INV-8
def test_a_database_that_is_gone_after_the_write_costs_nothing(
    call, shown, hall, monkeypatch, caplog
):
    def gone():
        raise OperationalError("gone")

    monkeypatch.setattr(fresh, "_snapshot", gone)
    answer = call("add_book", mounted(*shown), shelf_id=hall.pk, title="Sanditon")
    assert answer.status_code == 200
    assert list(answer.json()) == ["result", "invalidate"]
    assert "OperationalError" in caplog.text


def test_a_failing_item_does_not_touch_the_write(call, pages, hall, monkeypatch):
    call_text = item(pages.one('{% fragment "news" %}x{{ headlines }}{% endfragment %}'))

    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(news.queries["headlines"], "function", fail)
    monkeypatch.setitem(news.queries["headlines"].__dict__, "is_async", False)
    body = call("add_book", mounted(call_text), shelf_id=hall.pk, title="Sanditon").json()
    assert body["fresh"]["fragments"] == {call_text: {"status": 500}}
    assert Book.objects.filter(title="Sanditon").exists()


@pytest.mark.parametrize(
    "answer",
    [
        lambda: HttpResponse("{}", content_type="application/json"),
        lambda: HttpResponse("no", status=422),
        lambda: StreamingHttpResponse(["a", "b"]),
        lambda: HttpResponse(gzip.compress(b"<p>"), headers={"Content-Encoding": "gzip"}),
    ],
    ids=["json", "refused", "streamed", "compressed"],
)
def test_only_whole_html_has_room_for_it(answer, client, shown, serve):
    serve("news/", affects("news")(lambda request: answer()))
    with override_settings(MIZAN=ON):
        response = client.post("/news/", headers=mounted(*shown))
    assert b"data-mizan-fresh" not in b"".join(response)


@pytest.mark.django_db(transaction=True)
def test_what_stands_inside_does_not_compress_it(shown, hall, serve, settings, send):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.gzip.GZipMiddleware"]
    serve("news/", affects("news")(lambda request: HttpResponse("<p>x</p>" * 100)))
    Book.objects.create(shelf=hall, title="long enough to be compressed " * 10)
    plain = {"Accept-Encoding": "gzip"}
    assert send("post", "/news/", headers=plain)["Content-Encoding"] == "gzip"
    with override_settings(MIZAN=ON):
        response = send("post", "/news/", headers={**plain, **mounted(*shown)})
    assert response["X-Mizan-Invalidate"] == "news"
    assert brought(response)[0]["fragments"]


# case INV-8
@pytest.mark.parametrize("step", ["plan", "land", "_append"])
def test_what_goes_wrong_on_the_way_costs_the_fresh_data_alone(
    step, send, shown, serve, monkeypatch, caplog
):
    def fail(*args):
        raise RuntimeError("no flight today")

    monkeypatch.setattr(flight, step, fail)
    serve("news/", affects("news")(lambda request: HttpResponse("<p>done</p>")))
    with override_settings(MIZAN=ON):
        response = send("post", "/news/", headers={"HX-Request": "true", **mounted(*shown)})
    assert (response.status_code, response.content) == (200, b"<p>done</p>")
    assert response["X-Mizan-Invalidate"] == "news"
    assert response["X-Mizan-Epoch"]
    assert "no flight today" in caplog.text


# case INV-8
def test_an_answer_in_an_unknown_charset_is_left_as_it_is(client, shown, serve, caplog):
    answer = HttpResponse(b"<p>done</p>", charset="no-such-charset")
    serve("news/", affects("news")(lambda request: answer))
    with override_settings(MIZAN=ON):
        response = client.post("/news/", headers=mounted(*shown))
    assert (response.status_code, response.content) == (200, b"<p>done</p>")
    assert response["X-Mizan-Invalidate"] == "news"
    assert "LookupError" in caplog.text


@pytest.mark.parametrize("charset", ["utf-16", "no-such-charset"])
def test_an_empty_answers_charset_is_that_of_what_is_brought(charset, client, shown, serve):
    answer = HttpResponse(status=204, charset=charset)
    serve("news/", affects("news")(lambda request: answer))
    with override_settings(MIZAN=ON):
        response = client.post("/news/", headers=mounted(*shown))
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert brought(response)[0]["fragments"]


# case W-2
@pytest.mark.django_db(transaction=True)
def test_an_async_view_brings_it_too(shown, serve, hall):
    @affects("news")
    async def publish(request):
        await sync_to_async(Book.objects.create)(shelf=hall, title="Sanditon")
        return HttpResponse("<p>done</p>")

    serve("publish/", publish)
    with override_settings(MIZAN=ON):
        response = async_to_sync(AsyncClient().post)("/publish/", headers=mounted(*shown))
    assert brought(response)[0]["fragments"][shown[1]]["html"] == "Sanditon"


@pytest.fixture
def posted(send, serve, owner):
    """``posted(write)``: what the answer of a write by the owner brings of the context ``mine``."""

    def post(write):
        serve("write/", affects("mine", "stock")(write))
        send.client.force_login(owner)
        headers = mounted(contexts=["mine", "stock"])
        with override_settings(MIZAN=ON):
            return brought(send("post", "/write/", headers=headers))[0]["contexts"]

    return post


# case INV-5: what was read before the write says nothing after it
@pytest.mark.django_db(transaction=True)
def test_the_user_is_read_again(posted, owner):
    def rename(request):
        assert request.user.username == "owner"  # it is read by now
        type(owner).objects.filter(pk=owner.pk).update(username="renamed")
        return HttpResponse()

    assert posted(rename)["mine"]["data"] == {"me": "renamed"}


# case A-4, INV-3
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("taken", [{"is_staff": False}, {"is_active": False}])
def test_who_lost_a_right_by_the_write_is_denied(posted, owner, taken):
    type(owner).objects.filter(pk=owner.pk).update(is_staff=True)

    def degrade(request):
        assert request.user.is_staff
        type(owner).objects.filter(pk=owner.pk).update(**taken)
        return HttpResponse()

    assert posted(degrade)["stock"]["status"] in (401, 403)


@pytest.mark.django_db(transaction=True)
def test_a_session_that_the_write_renewed_is_still_the_readers(posted):
    def renew(request):
        request.session.cycle_key()
        return HttpResponse()

    assert posted(renew)["mine"]["data"] == {"me": "owner"}


@pytest.mark.django_db(transaction=True)
def test_who_logged_out_by_the_write_is_brought_nothing(posted):
    def leave(request):
        logout(request)
        return HttpResponse()

    assert posted(leave)["mine"] == {"status": 401}


@sync_and_async_middleware
def in_tokyo(get_response):
    """A middleware that keeps something around what stands inside of it."""

    def middleware(request):
        with timezone.override("Asia/Tokyo"):
            return get_response(request)

    async def amiddleware(request):
        with timezone.override("Asia/Tokyo"):
            return await get_response(request)

    return amiddleware if iscoroutinefunction(get_response) else middleware


def test_what_a_middleware_keeps_around_a_request_is_there(call, pages, hall, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.in_tokyo"]
    pages["zone.html"] = "{% load tz %}{% get_current_timezone as zone %}{{ zone }}"
    text = f"{Reference('zone.html', '', ('news',), 'en').sign()}?"
    answer = call("add_book", mounted(text), shelf_id=hall.pk, title="Sanditon")
    assert answer.json()["fresh"]["fragments"][text]["html"] == "Asia/Tokyo"


def test_where_the_views_are_not_included_nothing_is_brought(shown, settings, client):
    class Urls:
        urlpatterns = [path("news/", affects("news")(lambda request: HttpResponse("ok")))]

    settings.ROOT_URLCONF = Urls
    with override_settings(MIZAN=ON):
        assert brought(client.post("/news/", headers=mounted(*shown))) == (None, "ok")


def test_it_speaks_the_language_of_the_request(shown, serve, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.locale.LocaleMiddleware"]
    heard = []
    serve("news/", affects("news")(lambda request: HttpResponse("ok")))
    found = news.queries["headlines"].function

    async def listening(request, limit):
        heard.append(translation.get_language())
        return await found(request, limit)

    with override_settings(MIZAN=ON), pytest.MonkeyPatch.context() as patch:
        patch.setattr(news.queries["headlines"], "function", listening)
        Client().post("/news/", headers={"Accept-Language": "de", **mounted(contexts=["news"])})
    translation.deactivate()  # as the end of a real request's thread would
    assert heard == ["de"]


def test_the_element_holds_nothing_that_ends_it(client, pages, serve, hall):
    Book.objects.create(shelf=hall, title="</script><b>&")
    pages["first.html"] = "{{ headlines.0 }}"
    text = f"{Reference('first.html', '', ('news',), 'en').sign()}?"
    serve("news/", affects("news")(lambda request: HttpResponse("<i>ok</i>")))
    with override_settings(MIZAN=ON):
        response = client.post("/news/", headers=mounted(text, contexts=["news"]))
    page = BeautifulSoup(response.content, "html.parser")
    assert [element.name for element in page.find_all(True)] == ["i", "script"]
    found = json.loads(page.script.string)
    assert found["contexts"]["news"]["data"]["headlines"][0] == "</script><b>&"
