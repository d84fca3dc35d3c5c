"""One parameter of a query or a mutation, and the check of what comes from outside for several.

A value comes as JSON's types, or as texts of a form or a query string, and goes out as texts of a
URL.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote_plus

from django.utils.datastructures import MultiValueDict
from pydantic import TypeAdapter, ValidationError

from mizan_htmx import spelling
from mizan_htmx.exceptions import Invalid
from mizan_htmx.keys import Key

MISSING: Any = inspect.Parameter.empty
MOST_FAULTS = 50  # told of in one answer


@dataclass(frozen=True)
class Parameter:
    """One parameter: its name, its annotation and its default (``MISSING`` where it has none)."""

    name: str
    annotation: Any
    default: Any = MISSING

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(spelling.spelled(self.annotation))

    @cached_property
    def optional(self) -> bool:
        """Whether None is one of its values."""
        return spelling.optional(self.annotation)

    @cached_property
    def textual(self) -> bool:
        """Whether ``""`` is one of its values."""
        return spelling.textual(self.annotation)

    @cached_property
    def many(self) -> bool:
        """Whether a form gives it as a repetition."""
        return spelling.many(self.annotation)

    @cached_property
    def is_checkbox(self) -> bool:
        """Whether a form sends ``on`` for it where it is ticked."""
        return set(spelling.members(self.annotation)) - {type(None)} == {bool}

    def absent(self) -> Any:
        """The value of a parameter that was not given, or ``MISSING``."""
        if self.default is not MISSING:
            return self.default
        return None if self.optional else MISSING

    def from_texts(self, values: list[Any], *, form: bool) -> Any:
        """What a query string or a form says of it: texts and files, in the order they came."""
        if self.many:
            return None if values == [""] and self.optional else values
        if len(values) > 1:
            raise ValueError("is given more than once")
        value = values[0]
        if value == "" and self.optional:
            if not self.textual:
                return None
        elif form and value == "on" and self.is_checkbox:
            return True
        return value

    def to_texts(self, value: Any) -> list[str]:
        """A value as a query string says it, such that ``from_texts`` gives it back.

        Raises:
            TypeError: for a value that has no single spelling.
        """
        if type(value) is int or (type(value) is str and value.isascii()):
            return [str(value)]
        if value is None and not self.textual:
            return [""]
        if value is None:
            if self.absent() is not None:
                raise ValueError(
                    f"{self.name}=None cannot travel: where it is absent it is not None"
                )
            return []
        if isinstance(value, list | tuple | set | frozenset):
            texts = [text for element in value for text in self.to_texts(element)]
            return sorted(texts) if isinstance(value, set | frozenset) else texts
        if isinstance(value, float):
            return [repr(value)]
        scalar = Key(self.name, **{self.name: value}).params[self.name]
        return [str(scalar).lower() if isinstance(scalar, bool) else str(scalar)]


def query_string(texts: Mapping[str, list[str]]) -> str:
    """Parameters as a URL says them: ``board_id=3&tag=a&tag=b``."""
    return "&".join(
        [
            # Most are numbers, and urllib takes 2 µs to leave one as it is.
            f"{name}={text if text.isascii() and text.isalnum() else quote_plus(text)}"
            for name, several in texts.items()
            for text in several
        ]
    )


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
            value = _given(parameter, given, form)
            if value is MISSING:
                values[name] = _absent(parameter, given, form)
            else:
                values[name] = parameter.adapter.validate_python(value)
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=False, include_input=False)
            faults += [_fault([name, *e["loc"]], e["msg"]) for e in found[:MOST_FAULTS]]
        except ValueError as error:
            faults.append(_fault([name], str(error)))
    if not form and not given.keys() <= parameters.keys():
        unknown = [name for name in given if name not in parameters]
        faults += [_fault([str(name)[:100]], "is unknown") for name in unknown[:MOST_FAULTS]]
    if faults:
        raise Invalid(_sentence(faults), faults[:MOST_FAULTS])
    return values


def _given(parameter: Parameter, given: Mapping[str, Any], form: bool) -> Any:
    if not isinstance(given, MultiValueDict):
        return given.get(parameter.name, MISSING)
    texts = given.getlist(parameter.name)
    return parameter.from_texts(texts, form=form) if texts else MISSING


def _absent(parameter: Parameter, given: Mapping[str, Any], form: bool) -> Any:
    if form and parameter.is_checkbox and not parameter.optional:
        return False
    value = parameter.absent()
    if value is MISSING and isinstance(given, MultiValueDict) and parameter.many:
        return parameter.adapter.validate_python([])  # repeated no times
    if value is MISSING:
        raise ValueError("is missing")
    return value


def _fault(loc: list[Any], message: str) -> dict[str, Any]:
    return {"loc": loc, "message": message.removeprefix("Value error, ")}


def _sentence(faults: list[dict[str, Any]]) -> str:
    return "; ".join(f"{'.'.join(map(str, f['loc']))!s:.100} {f['message']}" for f in faults[:5])
