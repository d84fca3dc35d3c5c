"""Hostile text on every road of a Django page: it arrives as text, and as nothing else."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.template import Context as TemplateContext
from django.template import Engine, Template
from django.utils.safestring import mark_safe

import mizan_htmx
from mizan_htmx import Key, mutation
from mizan_htmx.exceptions import DeclarationError
from mizan_htmx.keys import parse
from mizan_htmx.registry import registry
from tests.library.pages import declared, soup

pytestmark = pytest.mark.django_db

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]>",
    "\u2028\u2029",
    "&amp;&lt;&#x22; onload=alert(1)",
    "'\"`${alert(1)}",
    '" hx-on:click="alert(1)',
    "' onmouseover='alert(1)",
    "></div><img src=x onerror=alert(1)>",
    "{{ 7|add:7 }}{% debug %}{% include 'x' %}",
    "javascript:alert(1)",
    "js:alert(1)",
    "\r\nSet-Cookie: a=b\r\n\r\n",
    "\x0b\x0c\x1c\x85\x7f",
    "Łódź 😀 \ufeff",
    "%2C%27%22+ ?&#=;,",
    "a;b=1, c",
    "../../etc/passwd",
    "a b#c.d>e:not(*)[f='g']\\",
    "__proto__",
    "constructor",
    "prototype",
    "hasOwnProperty",
]


def structure(page):
    """The elements of a page and the names of their attributes."""
    return [(element.name, sorted(element.attrs)) for element in page.find_all(True)]


def rendered(source, **known):
    return soup(Template("{% load mizan %}" + source).render(TemplateContext(known)))


@pytest.fixture
def echo():
    """A context that shows what it is asked, and a mutation that complains of what it is given."""

    def said(request, q: str) -> str:
        return q

    with declared(said) as context, registry.opened():

        @mutation(affects=context)
        def say(request, q: str, times: int = 1) -> str:
            raise ValueError(q)

        registry.close()
        yield context


SHOWN = """{% fragment "probe" q=q title_=q class=q id_=q hx_trigger=q %}
<b title="{{ said }}">{{ q }}</b><i data-q='{{ q }}'>{{ said }}</i>{{ said|json_script:"data" }}
{% endfragment %}"""


# case X-1, case X-3, case X-5, case X-12
@pytest.mark.parametrize("text", HOSTILE)
def test_fragment(pages, echo, text):
    plain = structure(pages.show(SHOWN, q="x"))
    page = pages.show(SHOWN, q=text)
    assert structure(page) == plain
    wrapper = page.div
    again = pages.refetch(wrapper)
    for shown in (page, soup(again.content.decode())):
        assert shown.b["title"] == shown.b.text == shown.i["data-q"] == shown.i.text == text
        assert json.loads(shown.script.text) == text
    assert again.content.decode() == pages.inner
    assert [wrapper[name] for name in ("title", "class", "id")] == [text] * 3
    assert wrapper["hx-trigger"] == f"{text}, mizan:invalidate"
    assert [*parse(wrapper["data-mizan-keys"])] == [Key("probe", q=text)]
    assert parse_qs(urlsplit(wrapper["hx-get"]).query)["q"] == [text]
    assert urlsplit(wrapper["hx-get"])[:3] == ("", "", "/api/mizan/fragment/")


# case X-3: what is safe as text is not safe inside an attribute
@pytest.mark.parametrize("name", ["title_", "class", "id_", "hx_trigger", "hx_swap"])
@pytest.mark.parametrize(
    "text", ['<a href="/x">y</a>', '" hx-on:click="alert(1)', "' onclick='alert(1)"]
)
def test_safe_text_stays_inside_its_attribute(pages, name, text):
    source = '{% fragment "news" ' + name + "=q %}{% endfragment %}"
    plain = structure(pages.show(source, q="x"))
    page = pages.show(source, q=mark_safe(text))
    assert structure(page) == plain
    attributes = {"hx_trigger": "hx-trigger", "hx_swap": "data-mizan-swap"}
    shown = page.div[attributes.get(name, name.rstrip("_"))]
    assert shown.removesuffix(", mizan:invalidate") == text


def test_what_is_escaped_already_is_not_escaped_twice(pages):
    source = """{% fragment "news" title_="Tom &amp; 'Jerry'" class=c %}{% endfragment %}"""
    page = pages.show(source, c=mark_safe("a &lt; b"))
    assert page.div["title"] == "Tom & 'Jerry'"
    assert page.div["class"] == "a < b"


TAGS = """<form {% mutate "say" q=q times=2 %}></form>
<ul {% bind "probe" q=q hx_trigger=q %}></ul>"""


# case X-3
@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("wrap", [str, mark_safe])
def test_mutate_and_bind(echo, text, wrap):
    source = (
        '<form {% mutate "say" q=q times=2 %}></form><ul {% bind "probe" q=q hx_trigger=q %}></ul>'
    )
    page = rendered(source, q=wrap(text))
    assert structure(page) == structure(rendered(source, q="x"))
    form, bound = page.form, page.ul
    values = json.loads(form["hx-vals"])
    assert values.pop("q") == text
    assert str(values.pop("times")) == "2"
    assert values == {}
    assert form["hx-vals"][0] == "{"  # htmx would evaluate js: and javascript:
    assert form["hx-post"] == "/api/mizan/call/say/"
    assert form["action"] == form["formaction"]
    assert parse_qs(urlsplit(form["action"]).query) == {"q": [text], "times": ["2"]}
    assert bound["hx-trigger"] == f"{text}, mizan:invalidate"
    assert [*parse(bound["data-mizan-keys"])] == [Key("probe", q=text)]


# case X-10
@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("text", HOSTILE)
def test_error_page_of_a_form(client, settings, echo, text, debug):
    settings.DEBUG, client.raise_request_exception = debug, False

    def answers(value):
        for fields in ({"q": "x", "times": value}, {"q": value}, {"times": value, "q": ["a", "b"]}):
            page = client.post("/api/mizan/call/say/", fields)
            accept = {"Accept": "application/json"}
            yield page, client.post("/api/mizan/call/say/", fields, headers=accept).json()["error"]

    for (page, error), (plain, _) in zip(answers(text), answers("x"), strict=True):
        shown = soup(page.content.decode())
        assert shown.h1.text == error["message"]
        listed = [item.text for item in shown.find_all("li")]
        assert listed == [f"{d['loc'][0]} {d['message']}" for d in error["details"]]
        assert structure(shown) == structure(soup(plain.content.decode()))
        # What the function raised is told where DEBUG is on, and nowhere else.
        assert (text in error["message"]) is (debug and page.status_code == 500)


# case X-2, case X-10
@pytest.mark.parametrize("text", HOSTILE)
def test_errors_as_data(client, hall, echo, text):
    client.raise_request_exception = False
    body = json.dumps({"fn": text, "args": {text: text}})
    quoted = quote(text, safe="")
    answers = [
        client.post("/api/mizan/call/", body, content_type="application/json"),
        client.post("/api/mizan/call/say/", json.dumps({text: 1, "q": text}), "application/json"),
        client.get(f"/api/mizan/ctx/shelf/?shelf_id={quoted}&{quoted}=1"),
        client.get(f"/api/mizan/ctx/{quoted.replace('%2F', '')}/"),
        client.get("/api/mizan/fragment/", {"f": text, text: text}),
        client.generic("DELETE", f"/api/mizan/call/{quoted.replace('%2F', '')}/"),
    ]
    for answer in answers:
        assert 400 <= answer.status_code < 500
        if answer.resolver_match:  # else Django's own 404, see below
            assert answer["Content-Type"] == "application/json"
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer.json()["error"]["code"]
        header = "".join(f"{name}: {value}" for name, value in answer.items())
        assert not re.search(r"[^ -~]|Set-Cookie", header)


# case X-10
@pytest.mark.parametrize("text", HOSTILE)
def test_debug_page_of_django_shows_text(pages, settings, text):
    settings.DEBUG, pages.client.raise_request_exception = True, False

    def said(request, q: str) -> str:
        raise LookupError(q)

    pages["page.html"] = '{% fragment "probe" q=q %}{{ said }}{% endfragment %}'
    with declared(said):
        pages.known = {"q": text}
        answer = pages.client.get("/page/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert page.count("<script") == page.count("</script") == 1
    assert not re.search(r"<img|<!--<script|<b title", page)
    assert soup(page).find("pre", class_="exception_value").text == text


# case X-2
@pytest.mark.parametrize("path", ["ctx/probe/?q={}", "ctx/shelf/?shelf_id=1", "ctx/nope/"])
def test_data_opened_as_a_page_is_data(client, hall, echo, path):
    text = quote("<script>alert(1)</script>")
    answer = client.get("/api/mizan/" + path.format(text), headers={"Accept": "text/html"})
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Content-Type-Options"] == "nosniff"


# case X-8
@pytest.mark.parametrize("name", ["__proto__", "constructor", "prototype", "hasOwnProperty"])
def test_names_of_javascript_are_plain_data(client, pages, name):
    def things(request) -> dict[str, int]:
        return {name: 1}

    with declared(things):
        assert client.get("/api/mizan/ctx/probe/").json() == {"things": {name: 1}}
        assert client.get("/api/mizan/ctx/probe/", {name: 1}).status_code == 422
        assert client.get(f"/api/mizan/ctx/{name}/").status_code == 404
        wrapper = pages.one('{% fragment "probe" id_=n %}{% endfragment %}', n=name)
    assert wrapper["id"] == name
    arguments = {"fn": "add_book", "args": {"shelf_id": 1, "title": "T", name: 1}}
    answer = client.post("/api/mizan/call/", arguments, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["details"][0]["loc"]) == (422, [name])
    if not re.fullmatch("[a-z]+", name):
        with pytest.raises((DeclarationError, ValueError)), declared(name=name):
            pass
        with pytest.raises(ValueError, match="no parameter name"):
            Key("shelf", **{name: 1})


# case X-9
@pytest.mark.parametrize(
    "name",
    ["library/_name.html", "../settings", "mizan_htmx/error.html#x", "shelf.html", "page.html"],
)
def test_no_name_of_a_request_selects_a_template(pages, hall, monkeypatch, name):
    wrapper = pages.one('{% fragment "news" %}x{% endfragment %}')
    asked = []
    find = Engine.find_template

    def spy(engine, found, *args, **kwargs):
        asked.append(found)
        return find(engine, found, *args, **kwargs)

    monkeypatch.setattr(Engine, "find_template", spy)
    client, base = pages.client, "/api/mizan/"
    extra = {"template": name, "template_name": name, "context": name, "block": name}
    answers = [
        client.get(base + "fragment/", {"f": name}),
        client.get(base + "fragment/", {"f": name, **extra}),
        client.get(wrapper["hx-get"], headers={"HX-Target": name, "HX-Current-URL": name}),
        client.get(f"{wrapper['hx-get']}&template={quote(name)}"),
        client.get(base + "ctx/shelf/", {"shelf_id": hall.pk, **extra}),
        client.get(base + f"ctx/{quote(name, safe='')}/"),
        client.post(base + f"call/{quote(name, safe='')}/", extra),
        client.post(base + "call/", {"fn": name, **extra}, content_type="application/json"),
        client.post(base + f"call/add_book/?shelf_id={hall.pk}", {"title": name, **extra}),
    ]
    assert {answer.status_code for answer in answers} <= {200, 303, 400, 404, 422}
    assert set(asked) <= {"page.html", "mizan_htmx/error.html", "404.html"}
    assert asked.count("page.html") == 1  # the one refetch that is as it was


# case X-11
@pytest.mark.parametrize("text", [*HOSTILE[:7], "*", "/evil/", "#target", "outerHTML"])
def test_no_header_of_a_request_chooses_url_target_or_swap(pages, text):
    tags = '{% fragment "news" %}{% endfragment %}<ul {% bind "shelf" %}></ul>'
    pages.show(tags + '<a {% mutate "lend" %}></a>')
    names = ["X-Mizan-Invalidate", "X-Mizan-Epoch", "HX-Target", "HX-Trigger", "HX-Current-URL"]
    names += ["HX-Reswap", "HX-Retarget", "HX-Location", "X-Mizan-Mounted", "Referer"]
    headers = {name: quote(text) for name in names}
    answer = pages.client.get("/page/", headers=headers)
    assert answer.content.decode() == pages.html
    assert not [name for name in answer.headers if name.startswith("HX-")]
    assert not answer.has_header("X-Mizan-Invalidate")


# case X-4, case X-7: our own templates trust nothing, and hold no inline handler and no eval
def test_our_own_templates_mark_nothing_safe():
    templates = [*Path(mizan_htmx.__file__).parent.rglob("templates/**/*.html")]
    assert templates
    for template in templates:
        source = template.read_text()
        assert not re.search(r"\|\s*safe|autoescape off|<script|\son\w+=|javascript:", source)
