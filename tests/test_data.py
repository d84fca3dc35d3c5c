"""Data with the page: contexts in a script element, as ctx/ answers them, for whoever may read."""

import asyncio
import datetime
import decimal
import enum
import json
import re
import uuid
from html.parser import HTMLParser
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, SynchronousOnlyOperation
from django.http import Http404, JsonResponse
from django.template import Context as TemplateContext
from django.template import Template
from django.test import AsyncRequestFactory, RequestFactory
from django.utils.html import json_script
from hypothesis import given, settings
from hypothesis import strategies as st

from mizan_htmx import Key
from mizan_htmx.data import page_data, script
from mizan_htmx.exceptions import (
    DeclarationError,
    Forbidden,
    Invalid,
    MizanError,
    RecordingError,
    UnknownName,
)
from mizan_htmx.keys import parse
from tests.library import mizan
from tests.library.models import Book, Shelf
from tests.library.pages import declared, soup
from tests.test_injection import HOSTILE

CTX = "/api/mizan/ctx/"


def elements(html):
    return soup(html).find_all("script", id="__MIZAN_SSR_DATA__")


def carried(html):
    """What the one data element of a page says."""
    (element,) = elements(html)
    assert element["type"] == "application/json"
    return json.loads(element.string)


@pytest.fixture
def asked(db):
    """A request of nobody."""
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return request


@pytest.fixture
def shown(pages):
    """What a page with this tag carries."""

    def show(arguments, **known):
        pages.show("{% mizan_data " + arguments + " %}", **known)
        return carried(pages.html)

    return show


# --- the same as ctx/


def test_the_element(pages, hall):
    pages.show('{% mizan_data "shelf" shelf_id=s.id %}', s=hall)
    answer = pages.client.get(f"{CTX}shelf/?shelf_id={hall.pk}")
    item = {"status": 200, "etag": answer["ETag"].strip('"'), "data": answer.json()}
    assert carried(pages.html) == {f"shelf;shelf_id={hall.pk}": item}
    assert pages.html.startswith('<script type="application/json" id="__MIZAN_SSR_DATA__">{"')


def test_its_etag_is_good_for_a_304_until_something_changes(shown, client, hall):
    def revalidated():
        return client.get(f"{CTX}shelf/?shelf_id={hall.pk}", headers={"If-None-Match": tag})

    (item,) = shown('"shelf" shelf_id=s', s=hall.pk).values()
    tag = f'"{item["etag"]}"'
    assert revalidated().status_code == 304
    Book.objects.update(lent=True)
    assert revalidated().status_code == 200
    (changed,) = shown('"shelf" shelf_id=s', s=hall.pk).values()
    assert changed["etag"] != item["etag"]


def test_a_view_may_give_it(pages, hall, rf):
    """The twin of the tag, through Django's own filter and as an answer of the view's own."""
    request = rf.get("/")
    data = page_data(request, mizan.shelf(shelf_id=hall.pk), "news")
    assert list(data) == [f"shelf;shelf_id={hall.pk}", "news"]
    page = '{% mizan_data "shelf" "news" shelf_id=s %}{{ d|json_script:"__MIZAN_SSR_DATA__" }}'
    pages.show(page, s=hall.pk, d=data)
    by_tag, by_filter = elements(pages.html)
    assert json.loads(by_tag.string) == json.loads(by_filter.string) == data
    assert json.loads(JsonResponse(data).content) == data


# --- which keys


@pytest.mark.parametrize(
    ("arguments", "known", "keys"),
    [
        ('"news"', {}, ["news"]),
        ('"news" limit=3', {}, ["news;limit=3"]),  # as given: the default is not filled in
        ('"news" "shelf" shelf_id=1 limit=2', {}, ["news;limit=2", "shelf;shelf_id=1"]),
        ("k", {"k": Key("shelf", shelf_id=1)}, ["shelf;shelf_id=1"]),
        ('k "news"', {"k": mizan.shelf(shelf_id=1)}, ["shelf;shelf_id=1", "news"]),
        ("k shelf_id=1", {"k": mizan.shelf}, ["shelf;shelf_id=1"]),
        ("k", {"k": "news"}, ["news"]),
        (
            "a b",
            {"a": Key("shelf", shelf_id=1), "b": Key("shelf", shelf_id=2)},
            ["shelf;shelf_id=1", "shelf;shelf_id=2"],
        ),
    ],
)
def test_keys(shown, hall, arguments, known, keys):
    Shelf.objects.create(name="Attic")
    data = shown(arguments, **known)
    assert list(data) == keys
    assert {item["status"] for item in data.values()} == {200}


def test_a_key_given_twice_is_loaded_once(asked, hall, django_assert_num_queries):
    key = mizan.shelf(shelf_id=hall.pk)
    with django_assert_num_queries(5):
        data = page_data(asked, key, Key("shelf", shelf_id=str(hall.pk)), key)
    assert list(data) == [str(key)]


def test_queries_of_a_page(pages, hall, django_assert_num_queries):
    pages["page.html"] = '{% mizan_data "shelf" "news" shelf_id=s %}'
    with django_assert_num_queries(6):
        pages.again(s=hall.pk)


class Size(enum.Enum):
    SMALL = 1
    LARGE = "large"


# case P-9: through a key's text and back, the query sees what ctx/ gives it
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (int, 5),
        (int, "5"),
        (int, 2**60),
        (int, -7),
        (str, "5"),
        (str, 5),
        (str, ""),
        (str, 'a"b\\c'),
        (str, "Łódź 😀\u2028"),
        (str | None, None),
        (int | None, None),
        (bool, True),
        (bool, False),
        (float, "1.5"),
        (decimal.Decimal, decimal.Decimal("1.50")),
        (uuid.UUID, uuid.UUID(int=7)),
        (datetime.date, datetime.date(2026, 11, 20)),
        (datetime.datetime, datetime.datetime(2026, 11, 20, tzinfo=datetime.timezone.utc)),
        (datetime.time, datetime.time(9, 30)),
        (Size, Size.SMALL),
        (Size, Size.LARGE),
    ],
    ids=repr,
)
def test_values(shown, client, db, kind, value):
    def one(request, thing) -> str:
        return repr(thing)

    one.__annotations__["thing"] = kind
    with declared(one) as context:
        key = context(thing=value)
        ((text, item),) = shown('"probe" thing=v', v=value).items()
        (by_key,) = shown("k", k=key).values()
        scalar = key.params["thing"]
        query = {None: {}, True: {"thing": "true"}, False: {"thing": "false"}}
        answer = client.get(f"{CTX}probe/", query.get(scalar, {"thing": scalar}))
    assert [*parse(text)] == [key]
    assert item == by_key
    assert (item["status"], item["data"]) == (200, answer.json())
    assert item["etag"] == answer["ETag"].strip('"')


@pytest.mark.parametrize("value", [1.5, [1], {"a": 1}])
def test_a_value_without_one_spelling_is_refused(shown, db, value):
    def one(request, thing: Any) -> str:
        return "x"

    with declared(one), pytest.raises(TypeError, match="no single spelling"):
        shown('"probe" thing=v', v=value)


@pytest.mark.parametrize(
    ("target", "error", "words"),
    [
        ("shelv", UnknownName, "did you mean 'shelf'"),
        (Key("shelv", shelf_id=1), UnknownName, "did you mean 'shelf'"),
        (Key.ANY, UnknownName, "unknown context '*'"),
        (Key("shelf", shelv_id=1), DeclarationError, "no parameter 'shelv_id'; it has: shelf_id"),
        (7, DeclarationError, "7 names no context; give one, its name or a Key"),
        (mizan.shelf, Invalid, "shelf_id is missing"),
        ("shelf", Invalid, "shelf_id is missing"),
        (Key("shelf", shelf_id="x"), Invalid, "shelf_id is no integer"),
        (Key("shelf", shelf_id=""), Invalid, "shelf_id is no integer"),
    ],
)
def test_what_cannot_be_meant_is_refused(asked, target, error, words):
    with pytest.raises(error, match=re.escape(words)):
        page_data(asked, target)


def test_what_a_page_says_of_it(pages, shown, hall):
    with pytest.raises(DeclarationError, match="no context here has a parameter 'bogus'"):
        shown("k bogus=1", k="news")
    with pytest.raises(DeclarationError, match="shelf_id is 2 and"):
        shown("k shelf_id=2", k=mizan.shelf(shelf_id=hall.pk))
    # what came with the page's URL and is wrong is the visitor's fault
    pages.client.raise_request_exception = False
    pages["page.html"] = '{% mizan_data "shelf" shelf_id=s %}'
    pages.known = {"s": "x"}
    assert pages.client.get("/page/").status_code == 400


def test_two_contexts_may_have_queries_of_one_name(shown, hall):
    def books(request) -> str:
        return "mine"

    with declared(books):
        data = shown('"probe" "shelf" shelf_id=s', s=hall.pk)
    assert data["probe"]["data"] == {"books": "mine"}
    assert len(data[f"shelf;shelf_id={hall.pk}"]["data"]["books"]) == 2


def test_several_tags_write_an_element_each(pages, hall):
    pages["_part.html"] = '{% mizan_data "news" %}'
    pages.show(
        '{% mizan_data "news" %}{% include "_part.html" %}'
        "{% for n in ids %}{% mizan_data 'shelf' shelf_id=n %}{% endfor %}",
        ids=[hall.pk, Shelf.objects.create(name="Attic").pk],
    )
    found = [list(json.loads(element.string)) for element in elements(pages.html)]
    ids = Shelf.objects.order_by("pk").values_list("pk", flat=True)
    assert found == [["news"], ["news"], *([f"shelf;shelf_id={n}"] for n in ids)]


# --- who may read it

PEOPLE = {
    "anonymous": {"news": 200, "mine": 401, "stock": 401, "owned": 401},
    "owner": {"news": 200, "mine": 200, "stock": 403, "owned": 200},
    "other": {"news": 200, "mine": 200, "stock": 403, "owned": 403},
    "staff": {"news": 200, "mine": 200, "stock": 200, "owned": 403},
    "deactivated": {"news": 200, "mine": 401, "stock": 401, "owned": 401},
}


# case A-1
@pytest.mark.parametrize("person", PEOPLE)
def test_who_may(person, pages, hall, owner, settings):
    backend = "django.contrib.auth.backends.AllowAllUsersModelBackend"
    settings.AUTHENTICATION_BACKENDS = [backend]
    create = get_user_model().objects.create_user
    people = {
        "owner": owner,
        "other": create("other"),
        "staff": create("staff", is_staff=True),
        "deactivated": create("deactivated", is_active=False, is_staff=True),
    }
    if person in people:
        pages.client.force_login(people[person], backend)
    pages.show('{% mizan_data "news" "mine" "stock" "owned" shelf_id=s %}', s=hall.pk)
    data = {key.partition(";")[0]: item for key, item in carried(pages.html).items()}
    assert {name: item["status"] for name, item in data.items()} == PEOPLE[person]
    for name, item in data.items():
        given = {"shelf_id": hall.pk} if name == "owned" else {}
        answer = pages.client.get(f"{CTX}{name}/", given)
        assert answer.status_code == item["status"]
        if answer.status_code == 200:
            assert item["data"] == answer.json()
            assert item["etag"] == answer["ETag"].strip('"')
        else:
            assert item == {"status": answer.status_code}


def test_a_stranger_learns_nothing_of_the_parameters(asked):
    def one(request, n: int) -> int:
        return n

    with declared(one, auth="staff") as context:
        assert page_data(asked, context(n="x"), context()) == {
            'probe;n="x"': {"status": 401},
            "probe": {"status": 401},
        }


# case S-15
def test_only_what_is_declared_is_carried(pages, shown, hall, owner):
    def one(request) -> mizan.BookOut:
        book = Book.objects.select_related("shelf__owner").first()
        book.secret = "hidden"
        return book

    with declared(one):
        data = shown('"probe"')
    assert data["probe"]["data"]["one"].keys() == {"id", "title", "lent"}
    assert "hidden" not in pages.html
    assert owner.password not in pages.html


# --- a query that fails


def gone(request) -> str:
    return Shelf.objects.get(pk=0).name


def hidden(request) -> str:
    raise Http404("no")


def denied(request) -> str:
    raise PermissionDenied


def forbidden(request) -> str:
    raise Forbidden  # the query's own, not `auth=`'s


def writes(request) -> str:
    mizan.shelf.invalidate()
    return ""


def broken(request) -> str:
    raise ZeroDivisionError


def fails(request) -> float:
    return float("nan")


FAILURES = [
    (gone, Http404, 404),
    (hidden, Http404, 404),
    (denied, PermissionDenied, 403),
    (forbidden, Forbidden, 403),
    (writes, RecordingError, 500),
    (broken, ZeroDivisionError, 500),
    (fails, ValueError, 500),
]


@pytest.mark.parametrize(("query", "error", "status"), FAILURES)
@pytest.mark.parametrize(
    "source",
    [
        "{% mizan_data 'probe' %}",
        "{% if 1 %}{% mizan_data 'probe' %}{% endif %}",
        "{% include '_part.html' %}",
        "{% fragment 'news' %}{% mizan_data 'probe' %}{% endfragment %}",
    ],
    ids=["tag", "if", "include", "fragment"],
)
def test_a_failure_is_never_swallowed(pages, asked, source, query, error, status):
    pages["_part.html"] = "{% mizan_data 'probe' %}"
    pages["page.html"] = source
    pages.client.raise_request_exception = False
    if query is forbidden and "fragment" in source:
        status = 200  # to a fragment it is a reader who may not read: an empty wrapper
    with declared(query):
        response = pages.client.get("/page/")
        assert response.status_code == status
        assert "SSR_DATA" not in response.text
        with pytest.raises(error):
            page_data(asked, "probe")


def test_a_rule_that_finds_nothing_is_404(asked):
    def one(request) -> int:
        return 1

    with declared(one, auth=lambda request: Shelf.objects.get(pk=0)), pytest.raises(Http404):
        page_data(asked, "probe")


# --- sync and async


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("news", MizanError, "event loop"),  # an async query
        ("book", SynchronousOnlyOperation, "async context"),  # a query of the ORM
    ],
)
def test_on_the_event_loop_it_says_what_is_wrong(pages, db, name, error, words):
    async def show():
        return pages.view(AsyncRequestFactory().get("/page/"))

    pages["page.html"] = "{% mizan_data target %}"
    pages.known = {"target": Key(name, book_id=1) if name == "book" else name}
    with pytest.raises(error, match=words):
        asyncio.run(show())


@pytest.mark.django_db(transaction=True)
def test_in_a_thread_of_an_async_view(serve, send, hall):
    async def view(request):
        return JsonResponse(await sync_to_async(page_data)(request, "news", "mine"))

    serve("data/", view)
    assert {key: item["status"] for key, item in send("get", "/data/").json().items()} == {
        "news": 200,
        "mine": 401,
    }


# --- hostile text


class Reader(HTMLParser):
    """The elements of a page and the text inside of scripts."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, attrs))

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        raise AssertionError(data)


def check_inert(html, data):
    read = Reader(html)
    attributes = [("type", "application/json"), ("id", "__MIZAN_SSR_DATA__")]
    assert read.tags == [("script", attributes)]
    inside = html.partition(">")[2].rpartition("</script>")[0]
    assert read.text == inside
    # whatever a browser's parser makes of comments in scripts, there is none
    assert not set(inside) & set("<>&\u2028\u2029\0\r\n")
    assert html.isascii()
    assert json.loads(inside) == data


# case X-1, X-8
@pytest.mark.parametrize("text", [*HOSTILE, "\0", "\ud800", "</SCRIPT\n>", "--!>"])
def test_hostile_text_is_text(asked, text):
    # pydantic makes UTF-8 of a dictionary's names, which a lone surrogate is not
    value = {"value": text, "name" if text == "\ud800" else text: [text]}

    def said(request) -> Any:
        return value

    with declared(said):
        data = page_data(asked, "probe")
    assert data["probe"]["data"]["said"] == value
    check_inert(script(data), data)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_parameter_is_text(pages, db, text):
    def said(request, q: str) -> str:
        return q

    with declared(said) as context:
        pages.show("{% mizan_data 'probe' q=q %}", q=text)
        ((key, item),) = carried(pages.html).items()
        assert (key, item["data"]) == (str(context(q=text)), {"said": text})
        check_inert(pages.html, carried(pages.html))


def test_a_lone_surrogate_is_neither_a_parameter_nor_a_name(asked):
    def said(request) -> Any:
        return {"\ud800": 1}

    with declared(said), pytest.raises(UnicodeEncodeError):
        page_data(asked, "probe")
    with pytest.raises(ValueError, match="lone surrogate"):
        page_data(asked, Key("shelf", shelf_id="\ud800"))


marks = ["<", "/", "script", "!--", ">", "&", "\\", '"', "\0"]
texts = st.lists(st.sampled_from([*HOSTILE, *marks]) | st.text(max_size=3), max_size=6).map("".join)
values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


# case X-1
@given(values)
@settings(max_examples=500, deadline=None)
def test_whatever_a_query_says_stays_inside(value):
    def said(request) -> Any:
        return value

    with declared(said):
        data = page_data(RequestFactory().get("/"), "probe")
    assert data["probe"]["data"] == {"said": value}
    check_inert(script(data), data)
    # Django's own filter reads the same, so the twin may be shown by it
    assert json.loads(Reader(json_script(data)).text) == data


# case P-5
def test_big_integers_are_strings(shown, db):
    def said(request) -> list[int]:
        return [2**53, 2**53 + 1, -(2**60)]

    with declared(said):
        data = shown("'probe'")
    assert data["probe"]["data"]["said"] == [2**53, str(2**53 + 1), str(-(2**60))]


def test_it_needs_a_request(pages):
    template = Template('{% load mizan %}{% mizan_data "news" %}')
    with pytest.raises(DeclarationError, match="needs the request"):
        template.render(TemplateContext({}))
