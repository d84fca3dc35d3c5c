"""A function's annotations, read once: what it takes, what it refuses, what it returns."""

import datetime
import decimal
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.http import HttpResponse, JsonResponse, QueryDict
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from mizan_htmx.exceptions import DeclarationError, Invalid
from mizan_htmx.parameters import MISSING, Parameter, validate
from mizan_htmx.signatures import Signature, exact

if TYPE_CHECKING:
    from somewhere import Nowhere


class Out(BaseModel):
    n: int


def annotated(returns):
    def function(request): ...

    function.__annotations__["return"] = returns
    return Signature(function)


def plain(request, a: int, b: str = "x", *, c: int | None): ...


def test_the_parameters_are_those_behind_request():
    signature = Signature(plain)
    assert signature.names == ("a", "b", "c")
    assert signature.parameters["a"] == Parameter("a", int)
    assert signature.parameters["b"] == Parameter("b", str, "x")
    assert signature.parameters["c"].annotation == int | None
    assert signature.where == f"{__name__}.plain"
    assert not signature.is_async


def test_parameters_may_be_called_as_anything_of_ours():
    def function(request, name: int, self: int, context: int, key: int, given: int): ...

    signature = Signature(function)
    names = ("name", "self", "context", "key", "given")
    assert signature.bind((), dict.fromkeys(names, 1)) == dict.fromkeys(names, 1)
    assert validate(signature.parameters, dict.fromkeys(names, 1)) == dict.fromkeys(names, 1)


def test_async_is_seen():
    async def function(request): ...

    assert Signature(function).is_async


REFUSED = {
    "takes no request": [
        "lambda: 1",
        "lambda *, request: 1",
        "lambda **request: 1",
    ],
    "cannot be given by name": [
        "lambda request, *args: 1",
        "lambda request, **kwargs: 1",
        "lambda request, a, /: 1",
    ],
    "may not be called": [
        "lambda request, Upper: 1",
        "lambda request, _private: 1",
        "lambda request, é: 1",
        "lambda request, id_: 1",
        "lambda request, hx_swap: 1",
        "lambda request, __class__: 1",
    ],
    "is taken": [
        "lambda request, f: 1",
        "lambda request, next: 1",
        "lambda request, csrfmiddlewaretoken: 1",
    ],
    "annotate 'a'": ["lambda request, a: 1"],
}


@pytest.mark.parametrize(
    ("message", "source"),
    [(message, source) for message, sources in REFUSED.items() for source in sources],
)
def test_what_cannot_be_called_from_outside_is_refused_at_declaration(message, source):
    with pytest.raises(DeclarationError, match=message):
        Signature(eval(source))


def test_a_name_that_is_not_there_at_run_time_is_named():
    def function(request, a: "Nowhere"): ...

    with pytest.raises(DeclarationError, match="'Nowhere', which is not there at run time"):
        Signature(function).check()


def test_a_type_nobody_can_check_speaks_at_start_up():
    def function(request, a: QueryDict): ...

    with pytest.raises(Exception, match="QueryDict"):
        Signature(function).check()


@pytest.mark.parametrize(
    ("args", "kwargs", "bound"),
    [
        ((1,), {"c": 2}, {"a": 1, "b": "x", "c": 2}),
        ((1, "y"), {"c": None}, {"a": 1, "b": "y", "c": None}),
        ((), {"a": 1, "c": 2}, {"a": 1, "b": "x", "c": 2}),
        ((), {"a": 1}, None),
        ((1, "y", 2), {}, None),
        ((1,), {"a": 1, "c": 2}, None),
        ((1,), {"c": 2, "d": 3}, None),
    ],
)
def test_a_call_from_python_binds_as_python_does(args, kwargs, bound):
    signature = Signature(plain)
    if bound is None:
        with pytest.raises(TypeError):
            signature.bind(args, kwargs)
    else:
        assert signature.bind(args, kwargs) == bound


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


@pytest.mark.parametrize(
    ("returns", "value", "dumped"),
    [
        (int, "5", 5),
        (Any, {"a": [1, None]}, {"a": [1, None]}),
        (None, None, None),
        (Out, {"n": 1}, {"n": 1}),
        (Out | None, None, None),
        (list[Out], ({"n": 1},), [{"n": 1}]),
        (dict[str, decimal.Decimal], {"a": "1.5"}, {"a": "1.5"}),
        (datetime.datetime, datetime.datetime(2026, 1, 2), "2026-01-02T00:00:00"),
        (HttpResponse, {"a": 1}, {"a": 1}),
        (JsonResponse | None, {"a": 1}, {"a": 1}),
        (HttpResponse | Out, Out(n=1), {"n": 1}),
    ],
    ids=repr,
)
def test_a_result_is_shaped_by_the_return_annotation(returns, value, dumped):
    signature = annotated(returns)
    assert signature.dump(signature.shape(value)) == dumped


def test_without_a_return_annotation_a_result_stays_as_it_is():
    assert Signature(plain).returns is Any


def test_a_result_that_does_not_fit_its_annotation_is_refused():
    with pytest.raises(ValidationError):
        annotated(Out).shape({"n": "x"})


def test_a_result_that_json_does_not_know_asks_for_an_annotation():
    with pytest.raises(DeclarationError, match="returns a object that cannot be serialised"):
        annotated(Any).dump(object())


# case P-5
@pytest.mark.parametrize(
    ("value", "carried"),
    [
        (2**53, 2**53),
        (-(2**53), -(2**53)),
        (2**53 + 1, "9007199254740993"),
        (-(2**53) - 1, "-9007199254740993"),
        ({"a": [2**60, True, None, "x"]}, {"a": ["1152921504606846976", True, None, "x"]}),
        (1.5, 1.5),
    ],
    ids=repr,
)
def test_every_reader_gets_the_same_number(value, carried):
    assert exact(value) == carried


class Price(BaseModel):
    price: float


# case R-4
@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("row", [Any, dict, dict[str, float], Price], ids=repr)
def test_a_number_json_cannot_carry_is_refused_where_it_stands(row, number):
    signature = annotated(list[row])
    shaped = signature.shape([{"price": 1.0}, {"price": number}])
    with pytest.raises(ValueError, match=r"^result\[1\]\.price is -?(nan|inf)"):
        signature.dump(shaped)
