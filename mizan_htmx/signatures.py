"""A function's annotations, read once: bind, validate and shape by them.

The parameters of a query or a mutation are those behind ``request``; types are checked on the
way in by pydantic, and results are shaped on the way out by the return annotation.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Union, get_type_hints

from django.http.response import HttpResponseBase
from pydantic import ConfigDict, PydanticUserError, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from mizan_htmx import spelling
from mizan_htmx.exceptions import DeclarationError
from mizan_htmx.keys import PARAM
from mizan_htmx.parameters import MISSING, Parameter
from mizan_htmx.shapes import reader

_AS_IS = frozenset({str, bool, type(None)})
SAFE_INTEGER = 2**53  # the largest a JavaScript number holds exactly, ECMA-262 section 6.1.6.1

# `f` carries a fragment's reference, the other two stand in every Django form.
RESERVED = frozenset({"f", "next", "csrfmiddlewaretoken"})


class Signature:
    """What a function takes behind ``request``, and what it returns.

    Args:
        function: a function whose first parameter is the request.

    Raises:
        DeclarationError: for a parameter without annotation, ``*args``, ``**kwargs``, a
            positional-only parameter or a name that cannot travel.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.where = f"{function.__module__}.{function.__qualname__}"
        parameters = list(inspect.signature(function).parameters.values())
        if not parameters or parameters[0].kind in (
            inspect.Parameter.KEYWORD_ONLY,
            inspect.Parameter.VAR_KEYWORD,
        ):
            raise DeclarationError(f"{self.where} takes no request; make it its first parameter")
        self._parameters = parameters[1:]
        for parameter in self._parameters:
            self._check(parameter)

    def _check(self, parameter: inspect.Parameter) -> None:
        name = parameter.name
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise DeclarationError(f"{self.where}: {parameter} cannot be given by name")
        if not PARAM.fullmatch(name) or name.endswith("_") or name.startswith("hx_"):
            raise DeclarationError(
                f"{self.where}: a parameter may not be called {name!r}; use lower-case letters,"
                " digits and _, not hx_ in front nor _ at the end (those are template options)"
            )
        if name in RESERVED:
            raise DeclarationError(f"{self.where}: {name!r} is taken; call the parameter otherwise")
        if parameter.annotation is MISSING:
            raise DeclarationError(f"{self.where}: annotate {name!r}, its type is checked by that")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters' names."""
        return tuple(parameter.name for parameter in self._parameters)

    @cached_property
    def is_async(self) -> bool:
        return inspect.iscoroutinefunction(self.function)

    @cached_property
    def _hints(self) -> dict[str, Any]:
        # Not at declaration: a module may define the types below the function.
        try:
            return get_type_hints(self.function, include_extras=True)
        except NameError as error:
            raise DeclarationError(
                f"{self.where}: the annotation names {error.name!r}, which is not there at run"
                " time; import it outside of `if TYPE_CHECKING`"
            ) from error

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters by name."""
        return {p.name: Parameter(p.name, self._hints[p.name], p.default) for p in self._parameters}

    @cached_property
    def returns(self) -> Any:
        """The return annotation; ``Any`` where there is none or where it is a response."""
        annotation = self._hints.get("return", Any)
        kinds = spelling.members(annotation)
        data = tuple(kind for kind in kinds if not _is_response(kind))
        if len(data) == len(kinds):
            return annotation
        if data in ((), (type(None),)):
            return Any
        return Union[data]  # noqa: UP007 - built at run time

    @cached_property
    def responds(self) -> bool:
        """Whether a response is among what it says it returns."""
        return any(map(_is_response, spelling.members(self._hints.get("return", Any))))

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """What shapes and dumps a result."""
        kind = spelling.readable(self.returns)
        try:
            # Else a NaN in what is not typed as a float would become null without a word.
            return TypeAdapter(kind, config=ConfigDict(ser_json_inf_nan="constants"))
        except PydanticUserError:
            return TypeAdapter(kind)  # a model has a configuration of its own

    @cached_property
    def _read(self) -> Callable[[Any], Any]:
        return reader(self.returns)

    def check(self) -> None:
        """Read every annotation, so that a fault speaks at start-up."""
        for name, parameter in self.parameters.items():
            with self._explaining(
                f"{name}: ", parameter.annotation, "; for an object, take its pk"
            ):
                _ = parameter.adapter
            self._check_default(parameter)
        with self._explaining("-> ", self.returns):
            _ = self.adapter

    @contextmanager
    def _explaining(self, what: str, annotation: Any, remedy: str = "") -> Iterator[None]:
        """Say in the words of the declaration what pydantic says in its own."""
        try:
            yield
        except PydanticUserError as error:
            kind = inspect.formatannotation(annotation)
            raise DeclarationError(
                f"{self.where}: pydantic cannot check {what + kind!r:.200}; declare its fields in a"
                f" pydantic model, a dataclass or a TypedDict{remedy}"
            ) from error

    def _check_default(self, parameter: Parameter) -> None:
        """A page that was made with it could not be refetched, for a URL says defaults too."""
        default = parameter.default
        if default is MISSING:
            return
        try:
            parameter.adapter.validate_python(default)
        except ValidationError as error:
            kind = inspect.formatannotation(parameter.annotation)
            reason = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
            remedy = f"write {parameter.name}: {kind} | None = None"
            raise DeclarationError(
                f"{self.where}: {parameter.name}={default!r:.100} does not fit its type {kind}"
                f" ({reason}); {remedy if default is None else 'give a default that does'}"
            ) from error

    def bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """The arguments of a call from Python by name, defaults filled in.

        Raises:
            TypeError: as any call with wrong arguments.
        """
        bound = inspect.Signature(self._parameters).bind(*args, **kwargs)
        bound.apply_defaults()
        return bound.arguments

    def shape(self, value: Any) -> Any:
        """A result as the return annotation declares it, filled from attributes.

        Raises:
            pydantic.ValidationError: when the value does not fit the annotation.
        """
        if self.returns is Any:
            return value
        return self.adapter.validate_python(self._read(value))

    def dump(self, shaped: Any) -> Any:
        """What ``shape`` gave, as JSON's types; integers past 2**53 become strings.

        Raises:
            DeclarationError: for a type that JSON does not know and no annotation explains.
            ValueError: for a NaN or an infinity, naming the field.
        """
        try:
            return exact(self.adapter.dump_python(shaped, mode="json"))
        except PydanticSerializationError as error:
            raise DeclarationError(
                f"{self.where} returns a {type(shaped).__name__} that cannot be serialised"
                f" ({error}); annotate what it returns, so that it can be shaped"
            ) from error


def _is_response(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, HttpResponseBase)


def exact(value: Any) -> Any:
    """JSON's types such that every reader gets the same value.

    Raises:
        ValueError: for a NaN or an infinity, naming the field.
    """
    try:
        return _exact(value)
    except OverflowError:
        where, number = next(_endless(value, "result"))
        raise ValueError(f"{where} is {number}, which JSON cannot carry") from None


def _exact(value: Any) -> Any:
    if isinstance(value, dict):
        return {n: e if type(e) in _AS_IS else _exact(e) for n, e in value.items()}
    if isinstance(value, list):
        return [e if type(e) in _AS_IS else _exact(e) for e in value]
    if isinstance(value, int) and not -SAFE_INTEGER <= value <= SAFE_INTEGER:
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise OverflowError
    return value


def _endless(value: Any, where: str) -> Iterator[tuple[str, float]]:
    """Where the numbers stand that have no end, or are none."""
    if isinstance(value, dict):
        for name, element in value.items():
            yield from _endless(element, f"{where}.{name}")
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from _endless(element, f"{where}[{index}]")
    elif isinstance(value, float) and not math.isfinite(value):
        yield where, value
