"""One value has one spelling: what stands before pydantic for every scalar that comes in.

Each mode of pydantic that takes ``"5"`` for an int also takes ``"+5"``, ``" 5"``, ``"05"`` and
``"1_000"``. Those would be five cache keys, five etags and five URLs for one object.
"""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import functools
import re
import sys
import types
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from django.core.files.base import File
from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf
from pydantic_core import to_jsonable_python
from typing_extensions import NotRequired, TypedDict, is_typeddict

_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WRITTEN = (int, decimal.Decimal, uuid.UUID, datetime.date, datetime.time)
MANY = (list, set, frozenset, tuple, Sequence, Iterable)
"""What holds several values, and is given as a repetition."""

_LONGEST_INTEGER = 20  # digits and sign of 2**63


def _integer(value: Any) -> Any:
    if isinstance(value, str) and len(value) <= _LONGEST_INTEGER and _INTEGER.fullmatch(value):
        value = int(value)
    if type(value) is not int:
        raise ValueError("is no integer; write it as 0, 7 or -12")
    if not -(2**63) <= value < 2**63:
        raise ValueError("is beyond 64 bits, which no database's integer holds")
    return value


def _number(value: Any) -> Any:
    if isinstance(value, bool) or (isinstance(value, str) and not _NUMBER.fullmatch(value)):
        raise ValueError("is no number; write it as 0, 7, -1.5 or 2e3")
    return value


def _one_zero(value: float | decimal.Decimal) -> float | decimal.Decimal:
    # Of the number itself: what a text or an int will be, only the type knows.
    if value == 0 and str(value).startswith("-"):
        raise ValueError("is a negative zero; write it as 0")
    return value


def _boolean(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise ValueError("is no boolean; write it as true or false")


def _text(value: str) -> str:
    if "\0" in value:
        raise ValueError("holds a NUL character")
    return value


def _iso(kind: type, pattern: str) -> BeforeValidator:
    compiled = re.compile(pattern)

    def check(value: Any) -> Any:
        if isinstance(value, kind) or (isinstance(value, str) and compiled.fullmatch(value)):
            return value
        raise ValueError(f"is no {kind.__name__} in ISO 8601")

    return BeforeValidator(check)


def _uuid(value: Any) -> Any:
    if isinstance(value, uuid.UUID) or (isinstance(value, str) and _UUID.fullmatch(value)):
        return value
    raise ValueError("is no UUID; write 32 lower-case hexadecimal digits in five groups")


def _choice(choices: tuple[Any, ...]) -> BeforeValidator:
    """An Enum's or a Literal's value from its text: ``"2"`` for 2, ``"1.50"`` for a Decimal."""
    spoken = [choice for choice in reversed(choices) if isinstance(choice, _WRITTEN)]
    texts = {str(to_jsonable_python(c)): c for c in spoken if not isinstance(c, bool)}

    def check(value: Any) -> Any:
        if isinstance(value, enum.Enum):
            return value
        if any(type(choice) is type(value) and choice == value for choice in choices):
            return value
        if isinstance(value, str) and value in texts:
            return texts[value]
        raise ValueError(f"is none of {', '.join(map(str, choices))}"[:200])

    return BeforeValidator(check)


_SPELLED: dict[type, Any] = {
    int: Annotated[int, BeforeValidator(_integer)],
    float: Annotated[
        float, BeforeValidator(_number), Field(allow_inf_nan=False), AfterValidator(_one_zero)
    ],
    decimal.Decimal: Annotated[
        decimal.Decimal, BeforeValidator(_number), AfterValidator(_one_zero)
    ],
    bool: Annotated[bool, BeforeValidator(_boolean)],
    str: Annotated[str, AfterValidator(_text)],
    uuid.UUID: Annotated[uuid.UUID, BeforeValidator(_uuid)],
    datetime.datetime: Annotated[datetime.datetime, _iso(datetime.datetime, rf"{_DATE}T{_TIME}")],
    datetime.date: Annotated[datetime.date, _iso(datetime.date, _DATE)],
    datetime.time: Annotated[datetime.time, _iso(datetime.time, _TIME)],
    Sequence: list,
    Iterable: list,
}


def spelled(annotation: Any) -> Any:
    """The same annotation, strict about how its scalars are written.

    Containers, unions and ``Annotated`` are followed; the fields of models, dataclasses and
    TypedDicts keep the rules of their own declarations.
    """
    return rebuilt(annotation, _spell)


def _spell(kind: Any) -> Any:
    if not isinstance(kind, type):
        return Annotated[kind, _choice(get_args(kind))] if get_origin(kind) is Literal else kind
    if kind in _SPELLED:
        return _SPELLED[kind]
    if issubclass(kind, enum.Enum):
        return Annotated[kind, _choice(tuple(member.value for member in kind))]
    if issubclass(kind, File):
        return InstanceOf[kind]  # type: ignore[misc]
    return readable(kind)


def readable(annotation: Any) -> Any:
    """The same annotation with ``typing.TypedDict`` as pydantic reads it before Python 3.12."""
    return rebuilt(annotation, _twin)


@functools.cache
def _twin(kind: Any) -> Any:
    if sys.version_info >= (3, 12):
        return kind
    if dataclasses.is_dataclass(kind) and not hasattr(kind, "__pydantic_validator__"):
        return _twin_dataclass(kind)
    if not is_typeddict(kind) or type(kind).__module__ != "typing":
        return kind
    required: frozenset[str] = getattr(kind, "__required_keys__")  # noqa: B009
    fields = {
        name: readable(hint) if name in required else NotRequired[readable(hint)]
        for name, hint in get_type_hints(kind, include_extras=True).items()
    }
    return TypedDict(kind.__name__, fields)  # type: ignore[operator]


def _twin_dataclass(kind: Any) -> Any:
    """A subclass whose fields pydantic reads, where it does not read the class itself."""
    hints = get_type_hints(kind, include_extras=True)
    changed: list[Any] = [
        (f.name, readable(hints[f.name]), dataclasses.field(default=f.default))
        if f.default_factory is dataclasses.MISSING
        else (f.name, readable(hints[f.name]), dataclasses.field(default_factory=f.default_factory))
        for f in dataclasses.fields(kind)
        if readable(hints[f.name]) != hints[f.name]
    ]
    if not changed:
        return kind
    frozen = kind.__dataclass_params__.frozen
    return dataclasses.make_dataclass(kind.__name__, changed, bases=(kind,), frozen=frozen)


def rebuilt(annotation: Any, leaf: Callable[[Any], Any]) -> Any:
    """An annotation with its leaves replaced: what is no container, union or alias."""
    annotation = unwrap(annotation) if get_origin(annotation) is not Annotated else annotation
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return Annotated[(rebuilt(arguments[0], leaf),) + arguments[1:]]  # noqa: RUF005
    inner = tuple(rebuilt(argument, leaf) for argument in arguments)
    if origin in (Union, types.UnionType):
        return Union[inner]  # noqa: UP007 - built at run time
    if origin in (*MANY, dict, Mapping):
        # Pydantic would read an Iterable only as somebody iterates, once.
        generic: Any = list if origin in (Sequence, Iterable) else origin
        return generic[inner]
    return leaf(annotation)


def unwrap(annotation: Any) -> Any:
    """An annotation without ``Annotated``, ``NewType`` and ``type`` aliases around it."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif hasattr(annotation, "__supertype__"):
            annotation = annotation.__supertype__
        elif hasattr(annotation, "__value__"):
            annotation = annotation.__value__
        else:
            return annotation


def members(annotation: Any) -> tuple[Any, ...]:
    """The alternatives of a union, or the annotation alone."""
    annotation = unwrap(annotation)
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(unwrap(member) for member in get_args(annotation))
    return (annotation,)


def optional(annotation: Any) -> bool:
    """Whether None is one of its values."""
    return type(None) in members(annotation)


def textual(annotation: Any) -> bool:
    """Whether ``""`` is one of its values."""
    return str in members(annotation)


def many(annotation: Any) -> bool:
    """Whether a form gives it as a repetition."""
    return any((get_origin(member) or member) in MANY for member in members(annotation))
