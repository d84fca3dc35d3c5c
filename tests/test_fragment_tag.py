"""{% fragment %}: what it writes, and where it may stand."""

from urllib.parse import parse_qs, urlsplit

import django
import pytest
from django.template import TemplateSyntaxError
from django.utils import translation

from mizan_htmx import Key
from mizan_htmx.exceptions import DeclarationError, MizanError
from tests.library import mizan
from tests.library.models import Book, Shelf
from tests.library.pages import declared

pytestmark = pytest.mark.django_db

VOID = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"]


@pytest.fixture
def shelf():
    return Shelf.objects.create(name="Poems")


@pytest.fixture
def books(shelf):
    titles = [f"Book {number}" for number in range(100)]
    return Book.objects.bulk_create([Book(shelf=shelf, title=title) for title in titles])


def fragment(arguments, inside="x"):
    return "{% fragment " + arguments + " %}" + inside + "{% endfragment %}"


def parameters(element):
    query = parse_qs(urlsplit(element["hx-get"]).query, keep_blank_values=True)
    del query["f"]
    return query


def test_a_translated_word_is_said_in_each_renderings_language(pages):
    def echo(request, word: str) -> str:
        return word

    pages.configure(cached=True)  # what a template's tags keep is kept for the next
    said = []
    with declared(echo, name="words"):
        pages["page.html"] = fragment('"words" word=_("No") title_=_("Yes")', "{{ echo }}")
        for language in ("en", "de", "en"):
            with translation.override(language):
                wrapper = pages.again().find(True)
            said.append((wrapper["title"], wrapper.text))
    assert said == [("Yes", "No"), ("Ja", "Nein"), ("Yes", "No")]


def test_a_translated_word_is_a_value_of_bind_and_mutate(pages):
    def echo(request, word: str) -> str:
        return word

    with declared(echo, name="words"), translation.override("de"):
        bound = pages.one('<p {% bind "words" word=_("No") %}></p>')
        form = pages.one('<form {% mutate "rename" name=_("No") %}></form>')
    assert bound["data-mizan-keys"] == 'words;word="Nein"'
    assert form["hx-vals"] == '{"name": "Nein"}'


def test_wrapper_is_an_element_that_says_what_will_happen(pages):
    wrapper = pages.one(fragment('"shelf" shelf_id=3'))
    url = urlsplit(wrapper["hx-get"])
    assert wrapper.name == "div"
    assert wrapper.attrs == {
        "hx-trigger": "mizan:invalidate",
        "data-mizan-keys": "shelf;shelf_id=3",
        "data-mizan-etag": wrapper["data-mizan-etag"],
        "hx-get": f"/api/mizan/fragment/?{url.query}",
    }
    assert list(parse_qs(url.query)) == ["f", "shelf_id"]
    assert parse_qs(url.query)["shelf_id"] == ["3"]
    assert pages.inner == "x"


@pytest.mark.parametrize(
    ("options", "attributes"),
    [
        ('class="card wide"', {"class": "card wide"}),
        ('hx_trigger="click"', {"hx-trigger": "click, mizan:invalidate"}),
        (
            'hx_trigger="load delay:1s, click"',
            {"hx-trigger": "load delay:1s, click, mizan:invalidate"},
        ),
        ('hx_swap="innerMorph"', {"data-mizan-swap": "innerMorph"}),
        ('hx_swap="beforeend swap:1s"', {"data-mizan-swap": "beforeend swap:1s"}),
        ('id_="totals"', {"id": "totals"}),
        ('aria_live_="polite" role_="status"', {"aria-live": "polite", "role": "status"}),
        ('data_sort_key_=3 title_=""', {"data-sort-key": "3", "title": ""}),
        ("id_=name class=name", {"id": "Poems", "class": "Poems"}),
        ("hidden_=False id_=None class=nothing title_=0", {"title": "0"}),
        ("hidden_=True popover_=yes", {"hidden": "", "popover": ""}),
        # what is no option and no attribute is none of the wrapper's
        ('as="li"', {}),
    ],
)
def test_options_become_attributes(pages, options, attributes):
    plain = pages.one(fragment('"shelf" shelf_id=3')).attrs
    plain.pop("hx-get")  # the tag's own text is part of the hash
    known = {"name": "Poems", "nothing": None, "yes": True}
    wrapper = pages.one(fragment(f'"shelf" shelf_id=3 {options}'), **known)
    assert wrapper.attrs.pop("hx-get").endswith("&shelf_id=3")
    assert wrapper.attrs == {**plain, **attributes}


# case F-21: htmx 2 inherits these, and a child's post would land in the wrapper
@pytest.mark.parametrize("inherited", ["hx-target", "hx-swap", "hx-sync", "hx-select", "hx-vals"])
def test_wrapper_hands_nothing_down(pages, inherited):
    source = fragment('"shelf" shelf_id=3 hx_swap="innerMorph" hx_trigger="click" id_="a"')
    assert not pages.one(source).has_attr(inherited)


@pytest.mark.parametrize("name", ["tr", "tbody", "li", "section", "p", "my-card", "h2"])
def test_wrapping_element(pages, name):
    assert pages.one(fragment(f'"news" as="{name}"')).name == name
    assert pages.one(fragment('"news" as=name'), name=name).name == name


@pytest.mark.parametrize(
    "name",
    [
        *VOID,
        "script",
        "style",
        "template",
        "form",
        "div onclick=x",
        "div>",
        "/div",
        "1",
        " div",
        "a/b",
        5,
    ],
)
def test_element_that_cannot_wrap_is_refused(pages, name):
    with pytest.raises(TemplateSyntaxError, match="as="):
        pages.one(fragment('"news" as=name'), name=name)


@pytest.mark.parametrize(
    "swap", ["outerHTML", "outerHTML swap:1s", "outerMorph", "delete", " outerHTML"]
)
def test_swap_that_takes_the_wrapper_away_is_refused(pages, swap):
    with pytest.raises(TemplateSyntaxError, match="hx_swap="):
        pages.one(fragment('"news" hx_swap=swap'), swap=swap)


@pytest.mark.parametrize(
    ("targets", "known", "keys", "params"),
    [
        ('"shelf" "news" shelf_id=3 limit=2', {}, "shelf;shelf_id=3, news;limit=2", "limit=2"),
        ('"shelf" "news" shelf_id=3', {}, "shelf;shelf_id=3, news;limit=3", "limit=3"),
        ("k", {"k": Key("shelf", shelf_id=3)}, "shelf;shelf_id=3", ""),
        ("k shelf_id=3", {"k": "shelf"}, "shelf;shelf_id=3", ""),
        ("k shelf_id=3", {"k": mizan.shelf}, "shelf;shelf_id=3", ""),
        ("k shelf_id=3", {"k": Key("shelf")}, "shelf;shelf_id=3", ""),
        ('k "news"', {"k": mizan.shelf(shelf_id=3)}, "shelf;shelf_id=3, news;limit=3", "limit=3"),
        (
            '"shelf" k shelf_id=n',
            {"k": Key("news", limit=1), "n": "3"},
            "shelf;shelf_id=3, news;limit=1",
            "limit=1",
        ),
    ],
)
def test_names_contexts_and_keys(pages, targets, known, keys, params):
    wrapper = pages.one(fragment(targets), **known)
    assert wrapper["data-mizan-keys"] == keys
    expected = {"shelf_id": ["3"], **parse_qs(params)}
    assert parameters(wrapper) == expected


@pytest.mark.parametrize(
    ("targets", "known"),
    [
        ("a b", {"a": Key("shelf", shelf_id=1), "b": Key("owned", shelf_id=2)}),
        ("a b", {"a": Key("shelf", shelf_id=1), "b": Key("shelf", shelf_id=2)}),
        ("a shelf_id=2", {"a": Key("shelf", shelf_id=1)}),
    ],
)
def test_keys_that_contradict_one_another_are_refused(pages, shelf, targets, known):
    # One URL has one value for a parameter: silently showing the other shelf is no answer.
    with pytest.raises((MizanError, TemplateSyntaxError), match="shelf_id"):
        pages.one(fragment(targets), **known)


@pytest.mark.parametrize(
    ("arguments", "known", "fault"),
    [
        ('"shelf"', {}, "shelf_id is missing"),
        ('"shelf" shelf_id="x"', {}, "shelf_id is no integer"),
        ('"shelf" shelf_id=missing', {}, "shelf_id is no integer"),
        ('"shelf" shelf_id=request.GET.blank', {}, "shelf_id is no integer"),
        ("k shelf_id=1 hx_target='x'", {"k": "shelf"}, "hx_target is unknown"),
    ],
)
# case P-1, INV-7: a parameter may come with the page's own URL
def test_parameters_are_checked_on_the_first_render(pages, settings, arguments, known, fault):
    settings.DEBUG, pages.client.raise_request_exception = True, False
    pages["page.html"], pages.known = fragment(arguments), known
    answer = pages.client.get("/page/?blank=%00")
    assert answer.status_code == 400
    assert fault in answer.content.decode()


def test_given_result_is_shaped_as_the_query_would_be(pages, books, django_assert_num_queries):
    book = books[0]
    book.secret = "not declared"
    source = fragment('"book" book_id=b.id with one=b', "{{ one.title }}{{ one.secret }}{{ one }}")
    with django_assert_num_queries(0):
        wrapper = pages.one(source, b=book)
    assert pages.refetch(wrapper).content.decode() == pages.inner
    assert "Book 0" in pages.inner
    assert "not declared" not in pages.inner


def test_given_result_of_no_query_is_refused(pages):
    with pytest.raises(DeclarationError, match=r"no query 'two'.*one"):
        pages.one(fragment("k book_id=1 with two=2"), k="book")


@pytest.mark.parametrize(
    ("given", "inside", "count"),
    [
        (" with one=b", "{{ one.title }}", 1),
        (" with one=b", "{{ one.title }}{% if one.lent %}!{% endif %}", 1),
        ("", "{{ book_id }}", 1),
        ("", "{{ one.title }}{{ one.lent }}", 101),
    ],
)
def test_loop_of_a_hundred(pages, books, django_assert_num_queries, given, inside, count):
    source = "{% for b in books %}" + fragment(f'"book" book_id=b.id{given}', inside)
    with django_assert_num_queries(count):
        page = pages.show(source + "{% endfor %}", books=Book.objects.order_by("id"))
    wrappers = page.find_all("div")
    assert [w["data-mizan-keys"] for w in wrappers] == [f"book;book_id={b.pk}" for b in books]
    assert len({parse_qs(urlsplit(w["hx-get"]).query)["f"][0] for w in wrappers}) == 1
    assert [pages.refetch(w).content.decode() for w in wrappers[::40]] == [
        w.decode_contents() for w in wrappers[::40]
    ]


def test_fragments_nest(pages, shelf, books):
    source = fragment('"shelf" shelf_id=n id_="a"', "A" + fragment('"news" as="b"', "{{ limit }}"))
    outer = pages.one(source, n=shelf.pk)
    inner = outer.find("b")
    assert inner["data-mizan-keys"] == "news;limit=3"
    assert pages.refetch(outer).content.decode() == pages.inner
    assert pages.refetch(inner).content == b"3"


BASE = "<html>{% block body %}{% endblock %}</html>"
BODY = fragment('"shelf" shelf_id=n', "{{ stats.total }} books")


@pytest.mark.parametrize(
    ("source", "templates"),
    [
        (BODY, {}),
        ('{% include "part.html" %}', {"part.html": BODY}),
        ('{% include "part.html" with m=n only %}', {"part.html": BODY.replace("=n", "=m")}),
        ('{% include "a.html" %}', {"a.html": '{% include "part.html" %}', "part.html": BODY}),
        ("{% with m=n %}" + BODY.replace("=n", "=m") + "{% endwith %}", {}),
        ("{% if n %}{% for m in 'x' %}" + BODY + "{% endfor %}{% endif %}", {}),
        (
            "{% autoescape off %}{% spaceless %}" + BODY + "{% endspaceless %}{% endautoescape %}",
            {},
        ),
        (BASE.replace("{% endblock %}", BODY + "{% endblock %}"), {}),
    ],
)
def test_blocks_stand_wherever_a_template_has_them(pages, shelf, books, source, templates):
    for name, part in templates.items():
        pages[name] = part
    wrapper = pages.show(source, n=shelf.pk).find("div")
    assert wrapper.text == "100 books"
    assert pages.refetch(wrapper).content == b"100 books"


@pytest.mark.parametrize(
    "child",
    [
        "{% block body %}" + BODY + "{% endblock %}",
        "{% block body %}{{ block.super }}" + BODY + "{% endblock %}",
        '{% block body %}{% include "part.html" %}{% endblock %}',
    ],
)
@pytest.mark.parametrize("cached", [False, True])
def test_blocks_stand_in_children_of_extends(pages, shelf, books, child, cached):
    pages.configure(cached=cached)
    pages["base.html"], pages["part.html"] = BASE, BODY
    pages.templates["page.html"] = '{% extends "base.html" %}{% load mizan %}' + child
    wrapper = pages.again(n=shelf.pk).find("div")
    assert wrapper.text == "100 books"
    assert pages.refetch(wrapper).content == b"100 books"
    assert pages.again(n=shelf.pk).find("div") == wrapper


@pytest.mark.parametrize("cached", [False, True])
def test_fragment_with_a_template(pages, shelf, books, cached):
    pages.configure(cached=cached)
    source = '<table>{% fragment "shelf" "library/_books.html" shelf_id=n as="tbody" %}</table>'
    table = pages.one(source, n=shelf.pk)
    assert [row.text for row in table.tbody.find_all("td")] == [book.title for book in books]
    assert pages.refetch(table.tbody).content.decode() in pages.html
    assert parameters(table.tbody) == {"shelf_id": [str(shelf.pk)]}


ROWS = (
    "{% partialdef rows %}{% for b in books %}<i>{{ b.title }}</i>{% endfor %}{% endpartialdef %}"
)
SHELF = fragment('"shelf" shelf_id=n', ROWS + "{% partial rows %}")


@pytest.mark.skipif(django.VERSION < (6,), reason="template partials came with Django 6.0")
@pytest.mark.parametrize(
    ("shown", "part", "source"),
    [
        ("page.html", ROWS, '{% fragment "shelf" "part.html#rows" shelf_id=n %}'),
        ("page.html", "", SHELF),
        ("page.html", "", "{% partialdef all inline %}" + SHELF + "{% endpartialdef %}"),
        ("page.html#all", "", "{% partialdef all %}" + SHELF + "{% endpartialdef %}"),
        ("page.html", "", "{% partialdef a %}" + SHELF + "{% endpartialdef %}{% partial a %}"),
        (
            "page.html",
            "{% partialdef all %}" + SHELF + "{% endpartialdef %}",
            '{% include "part.html#all" %}',
        ),
    ],
)
@pytest.mark.parametrize("cached", [False, True])
def test_partials(pages, shelf, books, shown, part, source, cached):
    pages.configure(cached=cached)
    pages["part.html"], pages.shown = part, shown
    wrapper = pages.one(source, n=shelf.pk)
    assert wrapper["data-mizan-keys"] == f"shelf;shelf_id={shelf.pk}"
    assert [title.text for title in wrapper.find_all("i")] == [book.title for book in books]
    assert pages.refetch(wrapper).content.decode() == pages.inner
