"""A function's annotations, read once: what it takes, what it refuses, what it returns."""

import datetime
import decimal
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from django.http import HttpResponse, JsonResponse, QueryDict
from pydantic import BaseModel, Field, ValidationError

from mizan_htmx.exceptions import DeclarationError
from mizan_htmx.parameters import Parameter, validate
from mizan_htmx.signatures import Signature, exact
from tests.library.models import Shelf

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


@pytest.mark.parametrize(
    ("annotation", "default", "says"),
    [
        (int, None, r"a=None does not fit its type int \(.*\); write a: int \| None = None$"),
        (Out, None, r"its type tests\.test_signatures\.Out .*Out \| None = None$"),
        (float, "x", r"a='x' does not fit its type float \(.*\); give a default that does"),
        (int, 2**70, "beyond 64 bits"),
        (Annotated[int, Field(ge=3)], 2, "greater than or equal to 3"),
        (int, 5, None),
        (int | None, None, None),
        (Any, None, None),
        (set[str], frozenset(), None),
        (Out, Out(n=1), None),
        (datetime.date, datetime.date(2026, 1, 2), None),
    ],
    ids=repr,
)
def test_a_default_is_one_of_its_types_values(annotation, default, says):
    def function(request, a=default): ...

    function.__annotations__["a"] = annotation
    if says is None:
        Signature(function).check()
        return
    with pytest.raises(DeclarationError, match=f"^{__name__}.*function: .*{says}"):
        Signature(function).check()


@pytest.mark.parametrize("kind", [Shelf, QueryDict, list[Shelf], Shelf | None], ids=str)
def test_a_type_nobody_can_check_speaks_at_start_up(kind):
    def function(request, a): ...

    function.__annotations__["a"] = kind
    with pytest.raises(DeclarationError, match=r"^\S+function: pydantic cannot check 'a: .*its pk"):
        Signature(function).check()


@pytest.mark.parametrize("kind", [Shelf, list[Shelf], Shelf | None], ids=str)
def test_a_result_nobody_can_shape_speaks_at_start_up(kind):
    with pytest.raises(DeclarationError, match=r"^\S+function: .* '-> .*, a dataclass or a Typed"):
        annotated(kind).check()


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
