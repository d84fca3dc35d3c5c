"""Arguments from outside: given, absent, repeated, unknown; and back into a query string."""

import datetime
import decimal
import uuid
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from mizan_htmx.exceptions import Invalid
from mizan_htmx.parameters import MISSING, Parameter, validate
from mizan_htmx.signatures import Signature


class Out(BaseModel):
    n: int


def plain(request, a: int, b: str = "x", *, c: int | None): ...


# case P-1, P-3
@pytest.mark.parametrize(
    ("given", "form", "values"),
    [
        ({"a": 1}, False, {"a": 1, "b": "x", "c": None}),
        ({"a": "1", "b": "y", "c": 3}, False, {"a": 1, "b": "y", "c": 3}),
        ({"b": "y"}, False, [["a"], "is missing"]),
        ({"a": ""}, False, [["a"], "is no integer; write it as 0, 7 or -12"]),
        ({"a": None}, False, [["a"], "is no integer; write it as 0, 7 or -12"]),
        ({"a": 1, "d": 2}, False, [["d"], "is unknown"]),
        ({"a": 1, "__proto__": 2}, False, [["__proto__"], "is unknown"]),
        ({"a": 1, "A": 2}, False, [["A"], "is unknown"]),
        (QueryDict("a=1&d=2"), False, [["d"], "is unknown"]),
        (QueryDict("a=1&a=1"), False, [["a"], "is given more than once"]),
        (QueryDict("a=1&d=2&constructor=3"), True, {"a": 1, "b": "x", "c": None}),
        (QueryDict("a=1&a=1"), True, [["a"], "is given more than once"]),
        (QueryDict("a=1&c="), True, {"a": 1, "b": "x", "c": None}),
    ],
)
def test_arguments_from_outside(given, form, values):
    parameters = Signature(plain).parameters
    if isinstance(values, dict):
        assert validate(parameters, given, form=form) == values
        return
    with pytest.raises(Invalid) as caught:
        validate(parameters, given, form=form)
    assert [[d["loc"], d["message"]] for d in caught.value.details] == [values]


def test_every_fault_is_told_where_it_is():
    def function(request, a: int, b: list[int], c: Out): ...

    with pytest.raises(Invalid) as caught:
        validate(Signature(function).parameters, {"b": [1, "x"], "c": {"n": "y"}, "d": 1})
    assert [detail["loc"] for detail in caught.value.details] == [
        ["a"],
        ["b", 1],
        ["c", "n"],
        ["d"],
    ]
    assert caught.value.message.startswith("a is missing; b.1 is no integer; write it")


# case R-2
@pytest.mark.parametrize(
    "given",
    [{f"k{i}": 1 for i in range(5000)}, {"a": 1, "b": ["x"] * 5000}],
    ids=["names", "items"],
)
def test_what_is_told_of_many_faults_is_bounded(given):
    def function(request, a: int, b: list[int]): ...

    with pytest.raises(Invalid) as caught:
        validate(Signature(function).parameters, given)
    assert len(caught.value.details) <= 100
    assert len(caught.value.message) < 2000


# case H-15
def test_what_is_told_of_a_name_is_bounded():
    with pytest.raises(Invalid) as caught:
        validate({}, {"x" * 5000: 1})
    assert len(caught.value.message) < 200


@pytest.mark.parametrize(
    ("annotation", "default", "absent"),
    [
        (int, MISSING, MISSING),
        (int, 5, 5),
        (int | None, MISSING, None),
        (int | None, 5, 5),
        (str | None, "", ""),
    ],
)
def test_what_stands_for_an_argument_that_is_absent(annotation, default, absent):
    assert Parameter("p", annotation, default).absent() is absent


UUIDS = st.uuids()
TIMES = st.datetimes(timezones=st.just(datetime.timezone.utc) | st.none())
SCALARS = st.one_of(
    st.tuples(st.just(int), st.integers(-(2**63), 2**63 - 1)),
    st.tuples(st.just(int | None), st.none()),
    st.tuples(st.just(bool), st.booleans()),
    st.tuples(
        st.just(str), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
    ),
    st.tuples(st.just(str | None), st.none() | st.text("ab\u2028é;, =%+")),
    st.tuples(st.just(uuid.UUID), UUIDS),
    st.tuples(st.just(datetime.date), st.dates()),
    st.tuples(st.just(datetime.datetime), TIMES),
    st.tuples(
        st.just(decimal.Decimal), st.decimals(allow_nan=False, allow_infinity=False, places=2)
    ),
    st.tuples(
        st.just(float), st.floats(allow_nan=False, allow_infinity=False).map(lambda x: x + 0.0)
    ),
    st.tuples(st.just(list[int]), st.lists(st.integers(0, 9), min_size=1)),
    st.tuples(st.just(list[str]), st.lists(st.text("aé &=%"), min_size=1)),
)


# case P-7
@given(SCALARS)
def test_a_value_comes_back_from_a_query_string_as_it_was(case):
    annotation, value = case
    parameter = Parameter("p", annotation)
    query = QueryDict(mutable=True)
    query.setlist("p", parameter.to_texts(value))
    back = validate({"p": parameter}, QueryDict(query.urlencode()))["p"]
    assert (type(back), back) == (type(value), value)


@pytest.mark.parametrize("value", [object(), {"a": 1}, b"x", Out(n=1)], ids=repr)
def test_what_has_no_single_spelling_goes_into_no_url(value):
    with pytest.raises((TypeError, ValueError)):
        Parameter("p", Any).to_texts(value)


def test_a_set_is_said_in_one_order():
    texts = Parameter("p", set[str]).to_texts({f"tag {n}" for n in range(9)})
    assert texts == [f"tag {n}" for n in range(9)]


def test_what_has_no_spelling_is_named():
    with pytest.raises(TypeError, match=r"^board=<object .* is a object"):
        Parameter("board", Any).to_texts(object())


@pytest.mark.parametrize(
    ("annotation", "default", "texts"),
    [
        (str | None, MISSING, []),
        (str | None, None, []),
        (str | None, "x", ValueError),
        (int | None, 5, [""]),
        (bool, MISSING, [""]),
    ],
)
def test_none_travels_as_what_stands_for_it(annotation, default, texts):
    parameter = Parameter("p", annotation, default)
    if texts is ValueError:
        with pytest.raises(ValueError, match="p=None cannot travel"):
            parameter.to_texts(None)
    else:
        assert parameter.to_texts(None) == texts
