"""fresh/: many fragments and contexts in one answer, each admitted and failed on its own."""

import json
import sqlite3
from contextlib import closing
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError, connection, connections
from django.test import override_settings
from django.utils import translation

from mizan_htmx import fresh
from mizan_htmx.exceptions import BadRequest
from mizan_htmx.references import Reference
from tests.library.models import Book
from tests.library.pages import declared

URL = "/api/mizan/fresh/"
PAIR = (
    '{% fragment "shelf" shelf_id=shelf.pk %}'
    "{{ stats.total }} of {{ books|length }}{% endfragment %}"
    '{% fragment "shelf" shelf_id=shelf.pk %}<b>{{ stats.lent }}</b>{% endfragment %}'
)


def item(element):
    """How the script asks for a fragment's element: its reference, and its parameters behind it."""
    query = urlsplit(element["hx-get"]).query
    signed, _, rest = query.removeprefix("f=").partition("&")
    return f"{parse_qs('f=' + signed)['f'][0]}?{rest}"


def ask(client, *fragments, contexts=(), status=200):
    query = urlencode([*(("f", text) for text in fragments), *(("c", text) for text in contexts)])
    response = client.get(f"{URL}?{query}")
    assert response.status_code == status
    return response.json()


@pytest.fixture
def pair(pages, hall):
    """The items of two fragments of one shelf."""
    return [item(element) for element in pages.show(PAIR, shelf=hall).find_all("div")]


def test_fragments_and_contexts_are_found_by_what_was_asked(client, pages, pair, hall):
    keys = [f"shelf;shelf_id={hall.pk}", "news"]
    answers = ask(client, *pair, contexts=keys)
    assert list(answers) == ["fragments", "contexts"]
    assert [answers["fragments"][text]["html"] for text in pair] == ["2 of 2", "<b>1</b>"]
    shelf = client.get(f"/api/mizan/ctx/shelf/?shelf_id={hall.pk}")
    assert answers["contexts"][keys[0]] == {
        "status": 200,
        "etag": shelf["ETag"].strip('"'),
        "data": shelf.json(),
    }
    assert answers["contexts"]["news"]["data"] == {"headlines": ["Ulysses", "Emma"]}
    alone = client.get(pages.show(PAIR, shelf=hall).div["hx-get"])
    assert f'"{answers["fragments"][pair[0]]["etag"]}"' == alone["ETag"]


def test_what_did_not_change_is_304_alone(client, pair, hall):
    key = f"shelf;shelf_id={hall.pk}"
    first = ask(client, *pair, contexts=[key])
    tagged = [f"{text}@{first['fragments'][text]['etag']}" for text in pair]
    known = f"{key}@{first['contexts'][key]['etag']}"
    again = ask(client, *tagged, contexts=[known])
    assert again == {
        "fragments": {text: {"status": 304} for text in pair},
        "contexts": {key: {"status": 304}},
    }
    Book.objects.create(shelf=hall, title="Middlemarch")
    again = ask(client, *tagged, contexts=[known])
    assert again["fragments"][pair[0]]["html"] == "3 of 3"
    assert again["fragments"][pair[1]] == {"status": 304}
    assert again["contexts"][key]["status"] == 200


# case B-8
def test_the_queries_of_one_context_run_once_for_all(client, pair, hall, django_assert_num_queries):
    # books, and two counts; the savepoint of the batch is two more
    with django_assert_num_queries(3 + 2):
        ask(client, *pair, *pair)
    with django_assert_num_queries(5 + 2):
        ask(client, *pair, contexts=[f"shelf;shelf_id={hall.pk}", f'shelf;shelf_id="{hall.pk}"'])


# case B-3
def test_a_reference_that_stands_twice_is_rendered_once(client, pages, db):
    rendered = []

    def probe_value(request) -> int:
        rendered.append(1)
        return len(rendered)

    with declared(probe_value):
        text = item(pages.one('{% fragment "probe" %}{{ probe_value }}{% endfragment %}'))
        rendered.clear()
        assert ask(client, text, f"{text}@x", text)["fragments"][text]["html"] == "1"


def test_what_no_url_says_is_answered_to_a_key_that_says_it(client, pages, db):
    def found(request, q: str | None = "abc", n: int = 3) -> list[str]:
        return [str(q)] * n

    with declared(found):
        page = pages.show('{% mizan_data "probe" q=None %}')
        (key,) = json.loads(page.script.string)
        twice = ask(client, contexts=[key, "probe;n=3;q=null", "probe"])["contexts"]
    assert key == "probe;q=null"
    assert [one["data"]["found"][0] for one in twice.values()] == ["None", "None", "abc"]


def test_parameters_that_are_not_utf8_are_refused_as_the_fragments_own_view_does(client, pages, db):
    def echo(request, text: str) -> str:
        return text

    with declared(echo):
        element = pages.one('{% fragment "probe" text="x" %}{{ echo }}{% endfragment %}')
        text = item(element).replace("text=x", "text=%ff")
        assert ask(client, text)["fragments"] == {text: {"status": 400}}
        alone = client.get(element["hx-get"].replace("text=x", "text=%ff"))
    assert alone.status_code == 400


# case B-1, A-2
def test_what_fails_fails_alone(client, pages, hall, owner, caplog):
    client.raise_request_exception = False
    client.force_login(owner)

    def broken(request) -> int:
        raise ValueError("no number")

    def whole(request) -> int:
        return 1

    source = (
        f'{PAIR}{{% fragment "mine" %}}{{{{ me }}}}{{% endfragment %}}'
        '{% fragment "probe" %}{{ whole }}{% endfragment %}'
    )
    with declared(broken, whole):
        texts = [item(element) for element in pages.show(source, shelf=hall).find_all("div")]
        pages["page.html"] = source.replace("whole", "broken")
        pages["broken.html"] = "{% if broken %}x{% endif %}"
        client.logout()
        answers = ask(
            client,
            texts[3],
            f"{Reference('broken.html', '', ('probe',), 'en').sign()}?",
            texts[2],
            "nonsense?shelf_id=1",
            texts[0].replace(f"shelf_id={hall.pk}", "shelf_id=x"),
            texts[1],
            contexts=["probe", "shelf", "shelf;shelf_id=9", "gone", "mine", "stock", "<b>", "a, b"],
        )
    statuses = [found["status"] for found in answers["fragments"].values()]
    assert statuses == [409, 500, 401, 400, 422, 200]
    assert [found["status"] for found in answers["contexts"].values()] == [
        *(500, 422, 404, 404, 401, 401, 400, 400),
    ]
    assert all(set(f) == {"status"} for f in answers["contexts"].values())
    assert caplog.messages == ["Internal Server Error: /api/mizan/fresh/"] * 2
    assert all(record.exc_info for record in caplog.records)


# case B-1: an item that fails may touch what another one shows
def test_a_failed_query_is_the_failure_of_those_that_touch_it(client, pages, db):
    client.raise_request_exception = False
    fails = []

    def shaky(request) -> int:
        if fails:
            raise ValueError
        return 2

    def firm(request) -> int:
        return 1

    with declared(shaky, firm):
        page = pages.show(
            '{% fragment "probe" %}{{ shaky }}{{ firm }}{% endfragment %}'
            '{% fragment "probe" %}{{ firm }}{% endfragment %}'
        )
        texts = [item(element) for element in page.find_all("div")]
        fails.append(1)
        answers = ask(client, *texts)["fragments"]
    assert [answers[text]["status"] for text in texts] == [500, 200]


# case B-4
def test_items_share_a_transaction_which_a_failure_does_not_poison(client, pages, db):
    client.raise_request_exception = False
    inside = []

    def reads(request, number: int) -> int:
        inside.append(connection.in_atomic_block and not connection.needs_rollback)
        if number == 2:
            connection.needs_rollback = True  # as a database that refuses all that follows
            raise DatabaseError
        return Book.objects.count()

    with declared(reads):
        keys = [f"probe;number={number}" for number in (1, 2, 3)]
        answers = ask(client, contexts=keys)["contexts"]
    assert [answers[key]["status"] for key in keys] == [200, 500, 200]
    assert inside == [True, True, True]


@pytest.fixture
def on_file(tmp_path, transactional_db):
    """``on_file("IMMEDIATE")``: the default database is a file; its path, and the connection."""
    path, before = tmp_path / "db.sqlite3", connections["default"]
    with closing(sqlite3.connect(path)) as shelf:
        shelf.execute("CREATE TABLE shelf (name TEXT)")

    def swap(mode):
        options = {"transaction_mode": mode, "timeout": 0}
        known = {**before.settings_dict, "NAME": path, "OPTIONS": options}
        connections["default"] = type(before)(known, "default")
        return path, connections["default"]

    yield swap
    connections["default"].close()
    connections["default"] = before


def books(request, number: int) -> int:
    with connection.cursor() as cursor:
        return cursor.execute("SELECT count(*) FROM shelf").fetchone()[0]


# case B-4
@pytest.mark.parametrize("mode", [None, "DEFERRED", "IMMEDIATE", "EXCLUSIVE"])
def test_reading_waits_for_no_writer(mode, on_file, rf):
    path, _ = on_file(mode)
    with closing(sqlite3.connect(path)) as writer, declared(books):
        writer.execute("BEGIN IMMEDIATE")
        answers = fresh.answer(rf.get("/"), fresh.read("c=probe;number=1&c=probe;number=2"))
    assert [one["data"]["books"] for one in answers["contexts"].values()] == [0, 0]


# case B-4
def test_a_transaction_that_cannot_begin_costs_no_item(on_file, rf, monkeypatch):
    def locked():
        raise OperationalError("database is locked")

    _, used = on_file(None)
    monkeypatch.setattr(used, "_start_transaction_under_autocommit", locked)
    with declared(books):
        answers = fresh.answer(rf.get("/"), fresh.read("c=probe;number=1"))
    assert answers["contexts"]["probe;number=1"]["data"] == {"books": 0}


# case B-3
@pytest.mark.parametrize(
    "query",
    [
        urlencode([("c", f"news;limit={n}") for n in range(51)]),
        "c=" + "x" * 3_999,
        "f=x&x=1",
        "board_id=3",
        "&".join(["c"] * 1_900),
    ],
    ids=["items", "length", "name", "parameter", "fields"],
)
def test_limits_are_held(query, client, db):
    response = client.get(f"{URL}?{query}")
    assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_request")


def test_the_number_of_items_is_a_setting(client, hall):
    with override_settings(MIZAN={"FRESH_ITEMS": 1}):
        ask(client, contexts=["news"])
        ask(client, contexts=["news", "news;limit=1"], status=400)
    ask(client, contexts=[f"news;limit={n}" for n in range(50)])


# case B-2
def test_what_was_slow_holds_others_once(client, pair, hall, monkeypatch):
    key, shelf = "news", f"shelf;shelf_id={hall.pk}"
    # prompt; both are admitted; news: 5 s; the shelf: 0.1 s
    times = iter([0.0, *[0.0] * 4, 0.0, 5.0, 5.0, 5.0, 5.1])
    monkeypatch.setattr(fresh, "_slow", {})
    monkeypatch.setattr(fresh, "clock", lambda: next(times))
    assert len(ask(client, contexts=[key, shelf])["contexts"]) == 2
    for now, answered in [(5.2, [shelf]), (14.9, [shelf]), (15.0, [key, shelf])]:
        monkeypatch.setattr(fresh, "clock", lambda now=now: now)
        assert list(ask(client, *pair, contexts=[key, shelf])["contexts"]) == answered
        assert len(ask(client, *pair, contexts=[key, shelf])["fragments"]) == 2
        assert list(ask(client, contexts=[key])["contexts"]) == [key]  # alone it is answered


# case INV-9
def test_of_what_was_slow_nothing_is_kept_for_long(client, hall, monkeypatch):
    monkeypatch.setattr(fresh, "_slow", {})
    for key, start in (("news", 0.0), ("shelves", 20.0)):
        times = iter([start, *[start + 5.0] * 4])
        monkeypatch.setattr(fresh, "clock", lambda times=times: next(times))
        ask(client, contexts=[key])
    assert fresh._slow == {"shelves": 35.0}


# case INV-9
def test_who_may_read_may_be_what_is_slow(client, hall, monkeypatch):
    monkeypatch.setattr(fresh, "_slow", {})
    times = iter([0.0, 5.0, 5.0, 5.0, 5.0])  # admitted in 5 s, read at once
    monkeypatch.setattr(fresh, "clock", lambda: next(times))
    ask(client, contexts=["news"])
    assert fresh._slow == {"news": 15.0}


def test_nothing_asked_is_nothing_answered(client, db):
    assert ask(client) == {"fragments": {}, "contexts": {}}


def test_only_reads_are_answered(client, db):
    assert client.post(URL).status_code == 405
    assert client.get(f"{URL}?c=%ff").status_code == 400


# case B-6
@pytest.mark.parametrize("value", ["a@b", "@", "a@b-c_1", "?", "&f=x", "%40", "é@x", 'a"b;c=1, d'])
def test_a_value_ends_no_item(value, client, pages, db):
    def echo(request, text: str) -> str:
        return text

    with declared(echo):
        page = pages.show('{% fragment "probe" text=text %}{{ echo }}{% endfragment %}', text=value)
        html = page.div.decode_contents()
        asked = f"{item(page.div)}@-"
        (answer,) = ask(client, asked)["fragments"].values()
        assert answer["html"] == pages.inner
        assert html


# case B-5, B-7
def test_a_batch_is_private_and_sets_no_cookie_of_its_own(client, pages, pair):
    text = item(pages.one('{% fragment "news" %}{% csrf_token %}{% endfragment %}'))
    client.get("/api/mizan/session/")
    response = client.get(f"{URL}?{urlencode([('f', text), ('c', 'news')])}")
    assert response["Cache-Control"] == "private, no-cache"
    assert "Cookie" in response["Vary"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Mizan-Epoch"]
    assert "ETag" not in response
    assert set(response.cookies) <= {"csrftoken"}
    html = response.json()["fragments"][text]["html"]
    assert "csrfmiddlewaretoken" in html
    tagged = response.json()["fragments"][text]["etag"]
    assert ask(client, f"{text}@{tagged}")["fragments"][text] == {"status": 304}


def test_each_fragment_keeps_its_language(client, pages, hall):
    def words(request) -> str:
        return translation.get_language()

    with declared(words):
        page = pages.show(
            '{% load i18n %}{% language "de" %}{% fragment "probe" %}{{ words }}{% endfragment %}'
            '{% endlanguage %}{% fragment "probe" %}{{ words }}{% endfragment %}'
        )
        texts = [item(element) for element in page.find_all("div")]
        answers = ask(client, *texts, contexts=["probe"])
    assert [answers["fragments"][text]["html"] for text in texts] == ["de", "en-us"]
    assert answers["contexts"]["probe"]["data"] == {"words": "en-us"}


@pytest.mark.parametrize("error", [OperationalError, ImproperlyConfigured, RuntimeError])
def test_without_a_database_contexts_are_answered_all_the_same(rf, monkeypatch, error):
    def connect():
        raise error("there is no database to be had")

    monkeypatch.setattr("mizan_htmx.fresh.connection.ensure_connection", connect, raising=False)

    def sky(request) -> str:
        return "blue"

    with declared(sky):
        answers = fresh.answer(rf.get("/"), fresh.read("c=probe"))
    assert answers["contexts"]["probe"]["data"] == {"sky": "blue"}


def test_an_item_is_what_stands_before_its_etag():
    query = urlencode([("c", "a@x"), ("c", "b@not an etag"), ("f", "r:s?x=1%402@e-_9")])
    assert fresh.read(query) == [
        ("fragments", "r:s?x=1%402", "e-_9"),
        ("contexts", "a", "x"),
        ("contexts", "b@not an etag", ""),
    ]
    with pytest.raises(BadRequest, match="no fn="):
        fresh.read("fn=1")


def test_answers_are_json_that_ends_no_script(client, hall):
    Book.objects.update(title="</script>\u2028<!--")
    response = client.get(f"{URL}?c={quote(f'shelf;shelf_id={hall.pk}')}")
    assert json.loads(response.content)["contexts"]
    assert response["Content-Type"] == "application/json"
