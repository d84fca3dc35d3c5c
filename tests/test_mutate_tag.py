"""{% mutate %}: a form or a button that calls a mutation, with JavaScript and without."""

import datetime
import decimal
import json
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.template import Context as TemplateContext
from django.template import Template
from django.test import Client

from mizan_htmx import mutation
from mizan_htmx.registry import registry
from tests.library.models import Book, Shelf
from tests.library.pages import Pages, soup


def mutating(arguments, element="form", **known):
    source = f"{{% load mizan %}}<{element} {{% mutate {arguments} %}}></{element}>"
    return soup(Template(source).render(TemplateContext(known))).find(element)


@pytest.fixture
def shelf(db):
    return Shelf.objects.create(name="Poems")


@pytest.fixture
def probe():
    """A mutation that takes many types and keeps what it was given."""
    given = []
    with registry.opened():

        @mutation(affects="news")
        def note(
            request,
            a: int | None = 1,
            flag: bool = True,
            text: str | None = None,
            ids: list[int] | None = None,
            tags: list[str] = ["x"],  # noqa: B006
            amount: decimal.Decimal = decimal.Decimal(0),
            day: datetime.date | None = None,
            key: uuid.UUID = uuid.UUID(int=0),  # noqa: B008
            ratio: float = 0.5,
        ) -> None:
            given.append(dict(locals()))
            for name in ("request", "given"):
                given[-1].pop(name, None)

        registry.close()
        yield given


@pytest.mark.parametrize("element", ["form", "button", "a"])
def test_attributes_are_the_same_on_any_element(element):
    attributes = mutating('"add_book" shelf_id=3 title=t', element, t="A & B").attrs
    values = json.loads(attributes.pop("hx-vals"))
    assert {name: str(value) for name, value in values.items()} == {
        "shelf_id": "3",
        "title": "A & B",
    }
    whole = "/api/mizan/call/add_book/?shelf_id=3&title=A+%26+B"
    assert attributes == {
        "hx-post": "/api/mizan/call/add_book/",
        "method": "post",
        "action": whole,
        "formmethod": "post",
        "formaction": whole,
    }


def test_without_arguments():
    assert mutating('"add_book"').attrs == {
        "hx-post": "/api/mizan/call/add_book/",
        "method": "post",
        "action": "/api/mizan/call/add_book/",
        "formmethod": "post",
        "formaction": "/api/mizan/call/add_book/",
    }


def browser(element, fields=""):
    """What a browser without JavaScript sends: the fields in the body, the arguments in the URL."""
    return element["action"], fields


def htmx(element, fields=""):
    """What htmx sends: hx-vals in the place of fields of their name."""
    body = QueryDict(fields, mutable=True)
    for name, value in json.loads(element.get("hx-vals", "{}")).items():
        body[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return element["hx-post"], body.urlencode()


def post(client, send, element, fields=""):
    url, body = send(element, f"csrfmiddlewaretoken=x&{fields}")
    return client.post(url, body, content_type="application/x-www-form-urlencoded")


@pytest.mark.parametrize("send", [browser, htmx])
@pytest.mark.parametrize(
    ("arguments", "fields", "expected"),
    [
        ("a=v", "", {"v": 7}),
        ("a=v", "", {"v": 0}),
        ("a=v", "a=5", {"v": None}),
        ("a=v", "a=5", {"v": 7}),
        ("a=v", "a=5&a=6", {"v": 7}),
        ("flag=v", "flag=on", {"v": False}),
        ("flag=v", "", {"v": True}),
        ("text=v", "text=typed", {"v": ""}),
        ("text=v", "", {"v": "Łódź & 😀 +%2C\u2028'\"<>"}),
        ("ids=v", "ids=9", {"v": [1, 2, 3]}),
        ("ids=v", "", {"v": [1]}),
        ("ids=v", "", {"v": None}),
        ("tags=v", "tags=a&tags=b", {"v": ["", "c,d"]}),
        ("amount=v", "amount=2", {"v": decimal.Decimal("1.50")}),
        ("day=v", "day=2020-01-01", {"v": datetime.date(2026, 11, 20)}),
        ("day=v", "day=2020-01-01", {"v": None}),
        ("key=v", "", {"v": uuid.UUID(int=7)}),
        ("ratio=v", "ratio=1", {"v": 2.25}),
        ("a=v", "", {"v": 2**60}),
    ],
)
def test_argument_arrives_and_wins_over_a_field(
    client, db, probe, send, arguments, fields, expected
):
    element = mutating(f'"note" {arguments}', **expected)
    answer = post(client, send, element, fields)
    assert answer.status_code == 303, answer.content
    (arrived,) = probe
    assert arrived[arguments.partition("=")[0]] == expected["v"]


@pytest.mark.parametrize("send", [browser, htmx])
def test_what_has_no_spelling_is_not_written(client, db, probe, send):
    form = mutating('"note" ids=ids text=text', ids=[], text=None)
    assert {form[name] for name in ("action", "hx-post")} == {"/api/mizan/call/note/"}
    assert not form.has_attr("hx-vals")
    assert post(client, send, form).status_code == 303
    assert (probe[0]["ids"], probe[0]["text"]) == (None, None)


@pytest.mark.parametrize(
    "value", [object(), {"a": 1}, Shelf(name="a")], ids=["any", "dict", "model"]
)
def test_value_without_one_spelling_is_refused(value):
    with pytest.raises(TypeError, match="no single spelling"):
        mutating('"add_book" shelf_id=v', v=value)


FORM = (
    "<form {% mutate 'add_book' shelf_id=n %}>{% csrf_token %}"
    '<input name="title"><input name="next" value="/shelf/{{ n }}/"></form>'
)


@pytest.fixture
def strict(settings):
    """Pages seen by a browser whose posts need a CSRF token."""
    return Pages(Client(enforce_csrf_checks=True), settings)


def submit(pages, form, headers=None, **typed):
    """What a browser without JavaScript does with a form."""
    fields = {field["name"]: field.get("value", "") for field in form.find_all("input")}
    return pages.client.post(form["action"], {**fields, **typed}, headers=headers or {})


def test_form_works_without_javascript(strict, shelf):
    form = strict.one(FORM, n=shelf.pk)
    answer = submit(strict, form, title="Emma")
    assert answer.status_code == 303
    assert answer["Location"] == f"/shelf/{shelf.pk}/"
    assert Book.objects.get().title == "Emma"
    page = soup(strict.client.get(answer["Location"]).content)
    assert page.find(id="stats").text == "0/1"


@pytest.mark.parametrize(
    ("wanted", "referer", "location"),
    [
        ("/shelf/1/?a=1#b", "http://testserver/page/", "/shelf/1/?a=1#b"),
        ("", "http://testserver/page/?q=1", "http://testserver/page/?q=1"),
        ("", None, "/"),
        # not of this site
        ("https://evil.example/", "http://testserver/page/", "http://testserver/page/"),
        ("//evil.example/", None, "/"),
        ("javascript:alert(1)", None, "/"),
        ("http:///evil.example/", None, "/"),
        ("/\\evil.example", None, "/"),
        ("", "https://evil.example/", "/"),
    ],
)
def test_browser_goes_on_where_it_came_from(strict, shelf, wanted, referer, location):
    form = strict.one(FORM, n=shelf.pk)
    headers = {"Referer": referer} if referer else {}
    answer = submit(strict, form, headers, title="Emma", next=wanted)
    assert (answer.status_code, answer["Location"]) == (303, location)


def test_form_without_its_token_is_refused(strict, shelf):
    form = strict.one(FORM, n=shelf.pk)
    answer = submit(strict, form, title="Emma", csrfmiddlewaretoken="")
    assert answer.status_code == 403
    assert soup(answer.content).find("h1")
    assert not Book.objects.exists()


def test_field_cannot_move_the_write_elsewhere(strict, shelf):
    other = Shelf.objects.create(name="Other")
    submit(strict, strict.one(FORM, n=shelf.pk), title="Emma", shelf_id=other.pk)
    assert Book.objects.get().shelf == shelf


def test_button_of_a_plain_form(strict, shelf):
    book = Book.objects.create(shelf=shelf, title="Emma")
    source = (
        "<form method=post>{% csrf_token %}"
        "<button {% mutate 'lend' book_id=n lent=True %}>lend</button>"
        "<button {% mutate 'lend' book_id=n lent=False %}>return</button></form>"
    )
    form = strict.one(source, n=book.pk)
    token = {"csrfmiddlewaretoken": form.input["value"]}
    for button, lent in zip(form.find_all("button"), [True, False], strict=True):
        assert strict.client.post(button["formaction"], token).status_code == 303
        book.refresh_from_db()
        assert book.lent is lent


def test_lists_repeat_in_the_url_and_stay_out_of_hx_vals(probe):
    form = mutating('"note" ids=v a=5', v=[1, 2])
    assert parse_qs(urlsplit(form["action"]).query) == {"ids": ["1", "2"], "a": ["5"]}
    assert parse_qs(urlsplit(form["hx-post"]).query) == {"ids": ["1", "2"]}
    assert list(json.loads(form["hx-vals"])) == ["a"]
