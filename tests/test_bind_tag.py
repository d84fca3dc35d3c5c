"""{% bind %}: an element of the page's own, with an hx-get of its own, bound to keys."""

import datetime
import decimal
import uuid

import pytest
from django.template import Context as TemplateContext
from django.template import Template

from mizan_htmx import Key
from mizan_htmx.exceptions import DeclarationError
from mizan_htmx.keys import parse
from tests.library import mizan
from tests.library.pages import declared, soup


def bound(arguments, **known):
    template = Template("{% load mizan %}<ul {% bind " + arguments + " %}></ul>")
    return soup(template.render(TemplateContext(known))).find("ul")


@pytest.mark.parametrize(
    ("arguments", "known", "keys"),
    [
        ('"news"', {}, "news"),
        ('"shelf" shelf_id=3', {}, "shelf;shelf_id=3"),
        ('"shelf" "news" shelf_id=3', {}, "shelf;shelf_id=3, news"),
        ('"shelf" "owned" shelf_id=3', {}, "shelf;shelf_id=3, owned;shelf_id=3"),
        ('"news" "shelf" shelf_id=3 limit=2', {}, "news;limit=2, shelf;shelf_id=3"),
        # without a parameter: a wider key, bound to every shelf
        ('"shelf"', {}, "shelf"),
        # keys, contexts and names from the view
        ("k", {"k": Key("shelf", shelf_id=3)}, "shelf;shelf_id=3"),
        ("k shelf_id=3", {"k": mizan.shelf}, "shelf;shelf_id=3"),
        ("k shelf_id=3", {"k": "shelf"}, "shelf;shelf_id=3"),
        ('k "news"', {"k": mizan.shelf(shelf_id=3)}, "shelf;shelf_id=3, news"),
        ("a b", {"a": Key("shelf", shelf_id=1), "b": Key("shelf", shelf_id=2)}, None),
    ],
)
def test_keys(arguments, known, keys):
    element = bound(arguments, **known)
    assert element.attrs == {
        "hx-trigger": "mizan:invalidate",
        "data-mizan-keys": keys or "shelf;shelf_id=1, shelf;shelf_id=2",
    }


# case P-9: whatever the value's type, the attribute names what a mutation will name
@pytest.mark.parametrize(
    "value",
    [
        5,
        2**60,
        -7,
        "5",
        "",
        'a"b\\c',
        "Łódź 😀",
        "\r\n\u2028;,=",
        True,
        False,
        None,
        decimal.Decimal("1.50"),
        uuid.UUID(int=7),
        datetime.date(2026, 11, 20),
        datetime.datetime(2026, 11, 20, tzinfo=datetime.timezone.utc),
        datetime.time(9, 30),
    ],
    ids=repr,
)
def test_value_is_written_as_the_key_writes_it(value):
    def one(request, thing: str) -> str:
        return thing

    with declared(one) as context:
        key = context(thing=value)
        by_name = bound('"probe" thing=v', v=value)["data-mizan-keys"]
        by_key = bound("k", k=key)["data-mizan-keys"]
    assert by_name == by_key == str(key)
    assert [*parse(by_key)] == [key]
    assert by_key.isascii()


def test_trigger_is_joined():
    element = bound('"news" hx_trigger="revealed, click delay:1s"')
    assert element["hx-trigger"] == "revealed, click delay:1s, mizan:invalidate"
    assert bound('"news" hx_trigger=t', t="")["hx-trigger"] == "mizan:invalidate"


def test_element_keeps_its_own_attributes():
    template = Template('{% load mizan %}<tbody id="a" hx-get="/rows/" {% bind "news" %}></tbody>')
    (element,) = soup(template.render(TemplateContext({}))).find_all(True)
    assert element.attrs == {
        "id": "a",
        "hx-get": "/rows/",
        "hx-trigger": "mizan:invalidate",
        "data-mizan-keys": "news",
    }


@pytest.mark.parametrize(
    ("arguments", "known", "fault"),
    [
        ("k bogus=1", {"k": Key("shelf", shelf_id=1)}, "'bogus'"),
        ("k bogus=1", {"k": "shelf"}, "'bogus'"),
        ("k", {"k": ""}, "unknown context ''"),
        ("missing", {}, "unknown context"),
        # its silence, "", would be a key that nothing makes stale
        ('"shelf" shelf_id=gone', {}, "^shelf_id=gone: there is no such variable"),
        ('"shelf" shelf_id=a.gone', {"a": None}, "^shelf_id=a.gone: there is no such variable"),
        # case H-18
        ("k", {"k": Key("shelv", shelf_id=1)}, "did you mean 'shelf'"),
        ("k", {"k": Key("shelf", shelv_id=1)}, "shelv_id"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments, known, fault):
    with pytest.raises(DeclarationError, match=fault):
        bound(arguments, **known)


@pytest.mark.parametrize("value", [1.5, [1], {"a": 1}, object()])
def test_value_without_one_spelling_is_refused(value):
    with pytest.raises(TypeError, match="no single spelling"):
        bound('"shelf" shelf_id=v', v=value)


def test_a_filter_may_stand_for_a_variable_that_is_not_there():
    assert bound('"shelf" shelf_id=gone|default:3')["data-mizan-keys"] == "shelf;shelf_id=3"


def test_binding_asks_nobody_and_runs_nothing():
    # No database and no request: an anonymous page may bind itself, and is refused when it reads.
    assert bound('"mine" "owned" shelf_id=1')["data-mizan-keys"] == "mine, owned;shelf_id=1"


def test_contexts_with_queries_of_one_name_can_be_bound_together():
    def books(request) -> str:
        return ""

    with declared(books):
        assert bound('"probe" "shelf" shelf_id=1')["data-mizan-keys"] == "probe, shelf;shelf_id=1"
