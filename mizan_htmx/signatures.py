"""A function's annotations, read once: bind, validate and shape by them.

The parameters of a query or a mutation are those behind ``request``; types are checked on the
way in by pydantic, and results are shaped on the way out by the return annotation.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_type_hints

from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDict
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from mizan_htmx import spelling
from mizan_htmx.exceptions import DeclarationError, Invalid
from mizan_htmx.keys import PARAM, Key
from mizan_htmx.shapes import reader

MISSING: Any = inspect.Parameter.empty
SAFE_INTEGER = 2**53  # the largest a JavaScript number holds exactly, ECMA-262 section 6.1.6.1

# `f` carries a fragment's reference, the other two stand in every Django form.
RESERVED = frozenset({"f", "next", "csrfmiddlewaretoken"})


@dataclass(frozen=True)
class Parameter:
    """One parameter: its name, its annotation and its default (``MISSING`` where it has none)."""

    name: str
    annotation: Any
    default: Any = MISSING

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(spelling.spelled(self.annotation))

    def absent(self) -> Any:
        """The value of a parameter that was not given, or ``MISSING``."""
        if self.default is not MISSING:
            return self.default
        return None if spelling.optional(self.annotation) else MISSING

    def from_texts(self, values: list[Any], *, form: bool) -> Any:
        """What a query string or a form says of it: texts and files, in the order they came."""
        if spelling.many(self.annotation):
            return values
        if len(values) > 1:
            raise ValueError("is given more than once")
        value = values[0]
        if value == "" and spelling.optional(self.annotation):
            if not spelling.textual(self.annotation):
                return None
        elif form and value == "on" and self.is_checkbox():
            return True
        return value


    def to_texts(self, value: Any) -> list[str]:
        """A value as a query string says it, such that ``from_texts`` gives it back.

        Raises:
            TypeError: for a value that has no single spelling.
        """
        if value is None:
            return [] if spelling.textual(self.annotation) else [""]
        if isinstance(value, list | tuple | set | frozenset):
            return [text for element in value for text in self.to_texts(element)]
        if isinstance(value, float):
            return [repr(value)]
        scalar = Key("value", value=value).params["value"]
        return [str(scalar).lower() if isinstance(scalar, bool) else str(scalar)]

    def is_checkbox(self) -> bool:
        """Whether a form sends ``on`` for it, and nothing where it is not ticked."""
        return spelling.members(self.annotation) == (bool,)


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

    @property
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
        if any(isinstance(kind, type) and issubclass(kind, HttpResponseBase) for kind in kinds):
            return Any
        return annotation

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(spelling.readable(self.returns))

    def check(self) -> None:
        """Read every annotation, so that a fault speaks at start-up."""
        for parameter in self.parameters.values():
            _ = parameter.adapter
        _ = self._adapter

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
        return self._adapter.validate_python(reader(self.returns)(value))

    def dump(self, shaped: Any) -> Any:
        """What ``shape`` gave, as JSON's types; integers past 2**53 become strings.

        Raises:
            DeclarationError: for a type that JSON does not know and no annotation explains.
            ValueError: for a NaN or an infinity, naming the field.
        """
        try:
            return exact(self._adapter.dump_python(shaped, mode="json"))
        except PydanticSerializationError as error:
            raise DeclarationError(
                f"{self.where} returns a {type(shaped).__name__} that cannot be serialised"
                f" ({error}); annotate what it returns, so that it can be shaped"
            ) from error


def exact(value: Any, where: str = "result") -> Any:
    """JSON's types such that every reader gets the same value."""
    if isinstance(value, dict):
        return {name: exact(element, f"{where}.{name}") for name, element in value.items()}
    if isinstance(value, list):
        return [exact(element, f"{where}[{index}]") for index, element in enumerate(value)]
    if isinstance(value, int) and not -SAFE_INTEGER <= value <= SAFE_INTEGER:
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{where} is {value}, which JSON cannot carry")
    return value


def validate(
    parameters: Mapping[str, Parameter], given: Mapping[str, Any], *, form: bool = False
) -> dict[str, Any]:
    """Arguments from outside, checked and coerced.

    Args:
        parameters: what is declared.
        given: JSON's types by name, or a ``MultiValueDict`` of texts and files.
        form: whether ``given`` is a form's body: unknown names are ignored there, as Django's
            forms do, and a bool is a checkbox.

    Raises:
        Invalid: with one detail ``{"loc": [name, ...], "message": str}`` per fault.
    """
    values: dict[str, Any] = {}
    faults: list[dict[str, Any]] = []
    for name, parameter in parameters.items():
        try:
            if name in given:
                values[name] = parameter.adapter.validate_python(_given(parameter, given, form))
            else:
                values[name] = _absent(parameter, form)
        except ValidationError as error:
            faults += [_fault([name, *e["loc"]], e["msg"]) for e in error.errors(include_url=False)]
        except ValueError as error:
            faults.append(_fault([name], str(error)))
    if not form:
        faults += [_fault([str(name)], "is unknown") for name in given if name not in parameters]
    if faults:
        raise Invalid(_sentence(faults), faults)
    return values


def _given(parameter: Parameter, given: Mapping[str, Any], form: bool) -> Any:
    if isinstance(given, MultiValueDict):
        return parameter.from_texts(given.getlist(parameter.name), form=form)
    return given[parameter.name]


def _absent(parameter: Parameter, form: bool) -> Any:
    if form and parameter.is_checkbox():
        return False
    value = parameter.absent()
    if value is MISSING:
        raise ValueError("is missing")
    return value


def _fault(loc: list[Any], message: str) -> dict[str, Any]:
    return {"loc": loc, "message": message.removeprefix("Value error, ")}


def _sentence(faults: list[dict[str, Any]]) -> str:
    return "; ".join(f"{'.'.join(map(str, f['loc']))!s:.100} {f['message']}" for f in faults[:5])


