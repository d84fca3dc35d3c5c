"""A fragment's render: isolated, lazy, honest about errors, the same now and later."""

import asyncio
import gc

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest
from django.template import TemplateDoesNotExist, VariableDoesNotExist
from django.test import AsyncRequestFactory

from mizan_htmx.exceptions import MizanError
from tests.library.models import Book, Shelf
from tests.library.pages import declared

pytestmark = pytest.mark.django_db

calls = []


def counting(request):
    """A context processor that counts how often it is asked."""
    calls.append(request.path)
    return {"site": "Library", "asked": len(calls)}


@pytest.fixture
def counted(pages):
    calls.clear()
    pages.configure(["tests.test_fragments.counting"])
    return calls


def fragment(arguments, inside):
    return "{% fragment " + arguments + " %}" + inside + "{% endfragment %}"


# --- isolation


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("{{ secret }}|{{ shelf.name }}|{{ b }}|{{ forloop.counter }}|{{ w }}", "||||"),
        ("{{ block.super }}{{ view }}{{ page }}", ""),
        ("{{ site }}|{{ request.path|slice:':1' }}|{{ user.is_authenticated }}", "Library|/|False"),
        ("{{ shelf_id }}|{{ stats.total }}", "{id}|2"),
        ("{% include 'inner.html' %}", "in:{id}:"),
        ("{% include 'inner.html' with secret='own' %}", "in:{id}:own"),
        ("{% cycle 'a' 'b' %}{% cycle 'a' 'b' %}", "aa"),
    ],
)
def test_nothing_of_the_page_stands_inside(pages, counted, hall, inside, text):
    pages["inner.html"] = "in:{{ shelf_id }}:{{ secret }}"
    part = fragment('"shelf" shelf_id=n', inside)
    source = "{% with w=1 %}{% for b in 'xy' %}" + part + "{% endfor %}{% endwith %}"
    page = pages.show(source, n=hall.pk, secret="page's", shelf=hall, view=1, page=2)
    expected = text.format(id=hall.pk)
    wrappers = page.find_all("div")
    assert [wrapper.text for wrapper in wrappers] == [expected, expected]
    assert pages.refetch(wrappers[1]).content.decode() == expected


def test_context_processors_run_once_per_request(pages, counted, hall):
    part = fragment('"shelf" shelf_id=n', fragment('"news"', "{{ site }}"))
    page = pages.show("{% for b in books %}" + part + "{% endfor %}", n=hall.pk, books=range(50))
    assert len(page.find_all("div")) == 100
    assert len(counted) == 2  # Django's own for the page, and one for its fragments
    counted.clear()
    assert "Library" in pages.refetch(page.find("div")).content.decode()
    assert len(counted) == 1


def test_queries_are_lazy_and_run_once(pages):
    ran = []

    def rows(request) -> list[int]:
        ran.append("rows")
        return [1, 2]

    def total(request) -> int:
        ran.append("total")
        return 2

    with declared(rows, total):
        pages.one(fragment('"probe"', "nothing"))
        assert ran == []
        pages.one(
            fragment(
                '"probe"',
                "{% if rows %}{% for r in rows %}{{ r }}{{ rows.0 }}{% endfor %}{% endif %}",
            )
        )
        assert ran == ["rows"]
        page = pages.one(
            fragment('"probe" with rows=given', "{{ rows.1 }}{{ total }}"), given=(3, 4)
        )
        assert (page.text, ran) == ("42", ["rows", "total"])


# --- errors


class Silent(Exception):
    silent_variable_failure = True


USES = [
    "{{ boom }}",
    '{{ boom|default:"" }}',
    '{{ ""|default:boom }}',
    "{{ boom.attribute.0 }}",
    "{% if boom %}{% endif %}",
    "{% if boom > 3 or 1 %}{% endif %}",
    "{% if 1 and not boom %}{% endif %}",
    "{% for x in boom %}{% empty %}none{% endfor %}",
    '{% firstof boom "x" %}',
    "{% with x=boom %}{{ x }}{% endwith %}",
    "{% filter upper %}{{ boom }}{% endfilter %}",
    "{% ifchanged boom %}{% endifchanged %}",
    "{% regroup boom by x as y %}",
    "{% widthratio boom 1 2 %}",
    '{% include "inner.html" %}',
    '{% fragment "news" %}{% endfragment %}{{ boom }}',
]


# Whatever the template makes of it.
@pytest.mark.parametrize("inside", USES)
@pytest.mark.parametrize(
    "error",
    [ValueError, KeyError, TypeError, AttributeError, RecursionError, Silent, TemplateDoesNotExist],
)
def test_exception_of_a_query_is_never_swallowed(pages, inside, error):
    def boom(request) -> int:
        raise error("why")

    pages["inner.html"] = "{{ boom|default:'-' }}"
    with declared(boom), pytest.raises(error, match="why"):
        pages.one(fragment('"probe"', inside))


@pytest.mark.parametrize("inside", USES)
@pytest.mark.parametrize(
    ("error", "status"),
    [(Book.DoesNotExist, 404), (ObjectDoesNotExist, 404), (Http404, 404), (PermissionDenied, 403)],
)
def test_exception_with_a_status_is_that_status(pages, inside, error, status):
    fails = []

    def boom(request) -> str:
        if fails:
            raise error("why")
        return "fine"

    pages["inner.html"] = "{{ boom|default:'-' }}"
    with declared(boom):
        wrapper = pages.one(fragment('"probe"', inside))
        fails.append(1)
        assert pages.client.get("/page/").status_code == status
        answer = pages.refetch(wrapper)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/json"
    assert status == 403 or "why" not in answer.content.decode()


def causes(error):
    """An exception and what Django's error page shows as its causes."""
    found = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found, error is not None


@pytest.mark.parametrize("inside", USES[:5])
@pytest.mark.parametrize("cause", [None, ValueError("deeper")])
def test_exception_keeps_its_own_cause_and_makes_no_cycle(pages, inside, cause):
    def boom(request) -> int:
        if cause:
            raise LookupError("why") from cause
        raise LookupError("why")

    with declared(boom):
        with pytest.raises(LookupError) as in_page:
            pages.one(fragment('"probe"', inside))
        with pytest.raises(LookupError) as in_data:
            pages.client.get("/api/mizan/ctx/probe/")
    for raised in (in_page, in_data):
        found, cycle = causes(raised.value)
        assert found[1:] == ([cause] if cause else [])
        assert not cycle


def test_unknown_variable_is_silent_as_ever(pages, hall):
    inside = "{{ nope }}{{ stats.nope }}{{ detail.books.9.title }}{% if nope > 3 %}x{% endif %}|"
    assert pages.one(fragment('"shelf" shelf_id=n', inside), n=hall.pk).text == "|"


def test_error_in_the_template_itself_is_raised(pages):
    with pytest.raises(VariableDoesNotExist):
        pages.one(fragment('"news"', "{% with x=nope|add:missing.thing %}{{ x }}{% endwith %}"))


def test_async_query_on_the_loop_says_so(pages):
    async def view(request):
        return pages.view(request)

    async def render():
        return await view(AsyncRequestFactory().get("/page/"))

    pages["page.html"] = fragment('"news"', "{{ headlines|length }}")
    with pytest.raises(MizanError, match="in a thread: `await sync_to_async"):
        asyncio.run(render())


# --- who may read it


@pytest.fixture
def stranger(db):
    return get_user_model().objects.create_user("stranger", password="secret")


@pytest.mark.parametrize(
    ("who", "arguments", "refused"),
    [
        (None, '"mine"', 401),
        (None, '"owned" shelf_id=n', 401),
        (None, '"stock"', 401),
        (None, '"shelf" "mine" shelf_id=n', 401),
        ("stranger", '"owned" shelf_id=n', 403),
        ("stranger", '"stock"', 403),
        ("owner", '"stock" "owned" shelf_id=n', 403),
        ("owner", '"mine"', None),
        ("owner", '"owned" shelf_id=n', None),
        ("stranger", '"mine"', None),
    ],
)
def test_forbidden_fragment_is_an_empty_wrapper_bound_to_nothing(
    pages, hall, owner, stranger, who, arguments, refused
):
    if who:
        pages.client.force_login({"owner": owner, "stranger": stranger}[who])
    source = fragment(
        arguments + ' id_="a" class="b" hx_trigger="click" hx_swap="innerMorph"', "in"
    )
    wrapper = pages.one(source, n=hall.pk)
    if refused:
        assert wrapper.attrs == {"id": "a", "class": "b"}
        assert pages.inner == ""
    else:
        assert wrapper.text == "in"
        assert wrapper.has_attr("hx-get")


# case A-3, case A-11: the signature is good, and never replaces the rule
def test_rule_is_asked_each_time(pages, hall, owner, stranger):
    pages.client.force_login(owner)
    wrapper = pages.one(fragment('"owned" shelf_id=n', "{{ name }}"), n=hall.pk)
    assert pages.refetch(wrapper).content == b"Hall"
    for user, status in [(stranger, 403), (None, 401), (owner, 200)]:
        pages.client.logout()
        if user:
            pages.client.force_login(user)
        answer = pages.refetch(wrapper)
        assert answer.status_code == status
        assert (b"Hall" in answer.content) is (status == 200)
    Shelf.objects.update(owner=stranger)
    assert pages.refetch(wrapper).status_code == 403


@pytest.mark.parametrize("transport", ["page", "ctx", "fragment"])
def test_a_rule_that_finds_nothing_is_a_404_everywhere(transport, pages, hall, client):
    pages.client.raise_request_exception = False

    def rule(request, shelf_id):
        return Shelf.objects.get(pk=shelf_id).owner_id is not None

    def shown(request, shelf_id: int) -> int:
        return shelf_id

    with declared(shown, auth=rule):
        wrapper = pages.one(fragment('"probe" shelf_id=n', "{{ shown }}"), n=hall.pk)
        Shelf.objects.all().delete()
        answers = {
            "page": lambda: client.get("/page/"),
            "ctx": lambda: client.get("/api/mizan/ctx/probe/", {"shelf_id": pages.known["n"]}),
            "fragment": lambda: pages.refetch(wrapper),
        }
        assert answers[transport]().status_code == 404


def test_refused_fragment_runs_no_query(pages):
    ran = []

    def rows(request) -> int:
        ran.append("rows")
        return 1

    with declared(rows, auth="staff"):
        pages.one(fragment('"probe"', "{{ rows }}"))
    assert ran == []


def test_refused_fragment_inside_another(pages, hall):
    source = fragment('"shelf" shelf_id=n', "A" + fragment('"mine" as="b"', "{{ me }}") + "Z")
    wrapper = pages.one(source, n=hall.pk)
    assert pages.inner == "A<b></b>Z"
    assert pages.refetch(wrapper).content == b"A<b></b>Z"


def test_a_request_is_let_go_after_its_fragments(client, hall):
    # The context processor `request` puts the request into what is kept for it.
    client.get(f"/shelf/{hall.pk}/?let-go")
    gc.collect()
    # By type(): isinstance would wake whatever lazy object another test has left behind.
    requests = [thing for thing in gc.get_objects() if issubclass(type(thing), HttpRequest)]
    assert "let-go" not in [request.META.get("QUERY_STRING") for request in requests]
