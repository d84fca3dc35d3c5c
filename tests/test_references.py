"""A reference, and the refetch by it: the same piece, for the same parameters, decided anew."""

import datetime
import decimal
import enum
import re
import uuid
from operator import itemgetter
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.utils import translation

from mizan_htmx.exceptions import BadRequest
from mizan_htmx.references import Reference, read
from tests.library.pages import declared, soup

pytestmark = pytest.mark.django_db
URL, SALT = "/api/mizan/fragment/", "mizan_htmx.fragment"
PIECE = Reference("library/_name.html", "", ("news",), "en")


def fragment(arguments, inside):
    return "{% fragment " + arguments + " %}" + inside + "{% endfragment %}"


def reference_of(element):
    return parse_qs(urlsplit(element["hx-get"]).query)["f"][0]


def code(answer):
    return answer.status_code, answer.json()["error"]["code"]


# --- the signature


def test_reference_is_deterministic_and_reads_back(pages, hall):
    source = fragment('"shelf" shelf_id=n', "{{ stats.total }}")
    first, second = pages.one(source, n=hall.pk), pages.one(source, n=hall.pk)
    assert first["hx-get"] == second["hx-get"]
    assert read(reference_of(first))[::2] == ("page.html", ("shelf",))
    assert read(PIECE.sign()) == PIECE
    assert re.fullmatch(r"[\w.~!*-]+", PIECE.sign(), re.ASCII)


@pytest.mark.parametrize("template", ["a/b/c.html", "~x!/*%2F (é).html", "C:\\a,b;c=d&e?f#g.html"])
def test_reference_of_any_template_is_unreserved_in_a_url(template):
    reference = Reference(template, "", ("news", "shelf"), "pt-br")
    assert read(reference.sign()) == reference
    assert re.fullmatch(r"[\w.~!*-]+", reference.sign(), re.ASCII)


# case A-11
@pytest.mark.parametrize("position", range(len(PIECE.sign())))
def test_tampered_reference_is_refused(position):
    text = PIECE.sign()
    # Of a last character base64 ignores some bits; a signature is compared as text.
    other = "B" if text[position] == "A" else "A"
    with pytest.raises(BadRequest, match="not signed here"):
        read(text[:position] + other + text[position + 1 :])


# case A-11
@pytest.mark.parametrize(
    "text",
    {
        "empty": "",
        "template": "library/_name.html",
        "tilde": "~",
        "nul": "\0",
        "unicode": "Łódź 😀",
        "long": "A" * 100_000,
        "longer": PIECE.sign() + "A",
        "another part": PIECE.sign() + "~A",
        "one part": PIECE.sign().replace("~", ""),
        "unsigned": PIECE.sign().partition("~")[0],
        "no salt": signing.Signer().sign_object([*PIECE]),
        "other salt": signing.Signer(salt="mizan_htmx.parked:/").sign_object([*PIECE]),
        "other key": signing.Signer(salt=SALT, key="other").sign_object([*PIECE]),
        "stamped": signing.TimestampSigner(salt=SALT).sign_object([*PIECE]),
        "dumped": signing.dumps([*PIECE], salt=SALT),
    }.items(),
    ids=itemgetter(0),
)
def test_reference_not_signed_here_is_refused(client, text):
    assert code(client.get(URL, {"f": text[1]})) == (400, "bad_request")


# case A-11
def test_reference_stands_once(client):
    assert code(client.get(URL)) == (400, "bad_request")
    assert code(client.get(URL, {"f": [PIECE.sign()] * 2})) == (400, "bad_request")
    assert client.get(URL, {"f": PIECE.sign()}).status_code == 200


# case A-11
@pytest.mark.parametrize(("fallbacks", "status"), [(["tests"], 200), (["older"], 400), ([], 400)])
def test_rotated_key(pages, settings, hall, fallbacks, status):
    wrapper = pages.one(fragment('"shelf" shelf_id=n', "{{ stats.total }}"), n=hall.pk)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", fallbacks
    assert pages.refetch(wrapper).status_code == status


# case A-11
def test_reference_of_another_fragment_takes_its_own_parameters(pages, hall):
    shelf = pages.one(fragment('"shelf" shelf_id=n', ""), n=hall.pk)
    news = pages.one(fragment('"news"', "{{ limit }}"))
    swapped = shelf["hx-get"].replace(
        urlsplit(shelf["hx-get"]).query.partition("&")[0],
        urlsplit(news["hx-get"]).query.partition("&")[0],
    )
    answer = pages.client.get(swapped)
    assert code(answer) == (422, "invalid")
    assert answer.json()["error"]["details"] == [{"loc": ["shelf_id"], "message": "is unknown"}]


# --- a template that changed

SHOWN = fragment('"news"', "{{ limit }}")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ("<p>moved</p>\n" + SHOWN + "more", 200),
        ("{% if 0 %}" + SHOWN + "{% endif %}", 200),
        (SHOWN + fragment('"news"', "another"), 200),
        (fragment('"news"', "{{ limit }}!"), 409),
        (fragment('"news"', " {{ limit }}"), 409),
        (fragment('"news"', "{{ limit|add:1 }}"), 409),
        (fragment('"news" limit=2', "{{ limit }}"), 409),
        (fragment('"shelf" shelf_id=1', "{{ limit }}"), 409),
        ("nothing", 409),
        (None, 409),
    ],
)
@pytest.mark.parametrize("cached", [False, True])
def test_block_that_changed(pages, settings, changed, status, cached):
    wrapper = pages.one(SHOWN)
    pages.templates.pop("page.html")
    if changed is not None:
        pages["page.html"] = changed
    pages.configure(cached=cached)  # as a new process does
    answer = pages.refetch(wrapper)
    assert answer.status_code == status
    if status == 409:
        assert code(answer) == (409, "changed")
    else:
        assert answer.content == b"3"


@pytest.mark.parametrize(("changed", "status"), [("{{ limit }}, new", 200), (None, 409)])
def test_template_that_changed(pages, changed, status):
    pages["news.html"] = "{{ limit }}"
    wrapper = pages.one('{% fragment "news" "news.html" %}')
    pages.templates.pop("news.html")
    if changed is not None:
        pages["news.html"] = changed
    answer = pages.refetch(wrapper)
    assert answer.status_code == status
    assert (answer.content == b"3, new") is (status == 200)


def test_context_that_is_gone(pages):
    def total(request) -> int:
        return 1

    with declared(total):
        wrapper = pages.one(fragment('"probe"', "{{ total }}"))
    assert code(pages.refetch(wrapper)) == (409, "changed")


def test_template_of_another_engine_is_found(pages, settings):
    (ours,) = settings.TEMPLATES
    empty = {"BACKEND": ours["BACKEND"], "NAME": "empty"}
    settings.TEMPLATES = [empty, ours]
    assert pages.refetch(pages.one(SHOWN)).content == b"3"


@pytest.mark.parametrize("cached", [False, True])
def test_block_of_a_template_under_which_another_of_its_name_stands(pages, settings, cached):
    """A project's base.html that extends an app's base.html."""
    app = {"page.html": "{% load mizan %}<main>" + SHOWN + "{% block more %}{% endblock %}</main>"}
    pages.templates["page.html"] = '{% extends "page.html" %}{% block more %}!{% endblock %}'
    locmem = "django.template.loaders.locmem.Loader"
    loaders = [(locmem, pages.templates), (locmem, app)]
    if cached:
        loaders = [("django.template.loaders.cached.Loader", loaders)]
    (ours,) = settings.TEMPLATES
    settings.TEMPLATES = [{**ours, "OPTIONS": {**ours["OPTIONS"], "loaders": loaders}}]
    wrapper = pages.again().main.div
    assert pages.refetch(wrapper).content == b"3"
    pages.templates["page.html"] = "it extends nothing any more"
    settings.TEMPLATES = [*settings.TEMPLATES]  # as a new process does
    assert code(pages.refetch(wrapper)) == (409, "changed")


# --- parameters


class Colour(enum.Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (int, 7),
        (int, -(2**60)),
        (str, "Łódź 😀 \r\n\u2028 a&b=c;d,e %2C+\"'<>\\"),
        (str, ""),
        (str, "null"),
        (bool, True),
        (bool, False),
        (int | None, None),
        (str | None, None),
        (str | None, ""),
        (float, 1e300),
        (float, 0.1),
        (decimal.Decimal, decimal.Decimal("1.50")),
        (decimal.Decimal, decimal.Decimal("1E+2")),
        (uuid.UUID, uuid.UUID(int=7)),
        (datetime.date, datetime.date(2026, 11, 20)),
        (datetime.time, datetime.time(9, 30, 1, 5)),
        (datetime.datetime, datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.timezone.utc)),
        (datetime.datetime, datetime.datetime(2026, 11, 20, 9)),
        (Colour, Colour.RED),
        (list[int], [1, 2, 2]),
        (list[int], [1]),
        (list[str], ["", "a,b", "&"]),
        (list[int], []),
        (list[int] | None, None),
    ],
    ids=repr,
)
def test_value_is_the_same_on_every_render(pages, annotation, value):
    def shown(request, v) -> str:
        return f"{type(v).__name__} {v}"

    shown.__annotations__["v"] = annotation
    with declared(shown):
        wrapper = pages.one(fragment('"probe" v=v', "{{ shown }}{{ v }}"), v=value)
        again = pages.refetch(wrapper)
    assert wrapper.text.startswith(f"{type(value).__name__} {value}")
    assert again.content.decode() == pages.inner


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ("", [("shelf_id", "is missing")]),
        ("shelf_id=x", [("shelf_id", "is no integer; write it as 0, 7 or -12")]),
        ("shelf_id=%2B1", [("shelf_id", "is no integer; write it as 0, 7 or -12")]),
        ("shelf_id=1&shelf_id=2", [("shelf_id", "is given more than once")]),
        ("shelf_id=1&shelf_id=1", [("shelf_id", "is given more than once")]),
        ("shelf_id=1&template=x", [("template", "is unknown")]),
        ("a=1", [("shelf_id", "is missing"), ("a", "is unknown")]),
    ],
)
def test_parameters_are_checked_like_any_other(pages, hall, query, faults):
    wrapper = pages.one(fragment('"shelf" shelf_id=n', ""), n=hall.pk)
    answer = pages.client.get(f"{wrapper['hx-get'].rpartition('&')[0]}&{query}")
    assert code(answer) == (422, "invalid")
    details = answer.json()["error"]["details"]
    assert [(detail["loc"][0], detail["message"]) for detail in details] == faults


def test_parameters_that_are_no_utf8_are_refused(pages, hall):
    wrapper = pages.one(fragment('"shelf" shelf_id=n', ""), n=hall.pk)
    assert code(pages.client.get(wrapper["hx-get"] + "%ff")) == (400, "bad_request")


# --- what a refetch answers with


def test_headers_and_304(pages, hall):
    wrapper = pages.one(fragment('"shelf" shelf_id=n', "{{ stats.total }}"), n=hall.pk)
    answer = pages.refetch(wrapper)
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Cookie" in answer["Vary"]
    etag = answer["ETag"]
    assert re.fullmatch(r'"[A-Za-z0-9_-]+"', etag)
    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        same = pages.refetch(wrapper, **{"If-None-Match": known})
        assert (same.status_code, same.content, same["ETag"]) == (304, b"", etag)
        assert same["X-Mizan-Epoch"] == answer["X-Mizan-Epoch"]
    hall.books.all()[0].delete()
    fresh = pages.refetch(wrapper, **{"If-None-Match": etag})
    assert (fresh.status_code, fresh.content) == (200, b"1")
    assert fresh["ETag"] != etag


LANGUAGE = "{% load i18n %}{% get_current_language as l %}{{ l }} {% translate 'January' %}"


@pytest.mark.parametrize(
    ("page", "accepts"),
    [("{% load i18n %}{% language 'de' %}{}{% endlanguage %}", "en"), ("{}", "de")],
)
def test_language_travels(pages, settings, page, accepts):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.locale.LocaleMiddleware"]
    pages["page.html"] = page.replace("{}", fragment('"news"', LANGUAGE))
    with translation.override("en"):
        shown = soup(pages.client.get("/page/", headers={"Accept-Language": accepts}).content)
        answer = pages.refetch(shown.find("div"), **{"Accept-Language": "en"})
    assert shown.find("div").text == "de Januar"
    assert answer.content == b"de Januar"
    assert answer["Content-Language"] == "en"  # what came after the render has its own again
