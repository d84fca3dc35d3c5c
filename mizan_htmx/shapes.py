"""Fill a declared result from whatever a query returns: ORM objects, QuerySets, managers.

Pydantic reads attributes for its own models only, and iterates neither a QuerySet nor a related
manager. So the declared fields are read here, and only those: what a result does not declare
never leaves the server. Pydantic then validates what was read.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args, get_origin, get_type_hints

from django.db.models import FileField, Manager, Model, QuerySet
from django.db.models.fields.files import FieldFile
from pydantic import BaseModel
from typing_extensions import is_typeddict

from mizan_htmx.spelling import MANY, members

Reader = Callable[[Any], Any]

_MISSING: Any = object()


def reader(annotation: Any) -> Reader:
    """A function that turns a value into what pydantic can validate as this annotation.

    Args:
        annotation: a type as it stands behind ``->`` or in a field.
    """
    try:
        return _reader(annotation)
    except TypeError:  # metadata that cannot be hashed
        return _reader.__wrapped__(annotation)


@functools.cache
def _reader(annotation: Any) -> Reader:
    readers = [_member(member) for member in members(annotation) if member is not type(None)]
    if len(readers) == 1:
        return _optional(readers[0])
    # Of several alternatives pydantic picks; only what is many can be told apart before that.
    return _iterate(None)


def _member(annotation: Any) -> Reader:
    origin, arguments = get_origin(annotation) or annotation, get_args(annotation)
    if origin in MANY:
        return _iterate(arguments[0] if arguments else None)
    if origin in (dict, Mapping) and len(arguments) == 2:
        return _values(arguments[1])
    if isinstance(origin, type) and issubclass(origin, BaseModel):
        return _fields(origin, lambda: _model_fields(origin))
    if dataclasses.is_dataclass(origin):
        chosen = dict(zip(getattr(origin, "__parameters__", ()), arguments, strict=True))
        return _fields(origin, lambda: _dataclass_fields(origin, chosen))
    if is_typeddict(origin):
        return _fields(
            dict, lambda: {name: (name, t) for name, t in get_type_hints(origin).items()}
        )
    return _same


def _same(value: Any) -> Any:
    # A file says what its column holds, and is no text that pydantic knows.
    return value.name if isinstance(value, FieldFile) else value


def _optional(read: Reader) -> Reader:
    return _same if read is _same else lambda value: None if value is None else read(value)


def _iterate(item: Any) -> Reader:
    def read(value: Any) -> Any:
        if isinstance(value, Manager):
            value = value.all()
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
            return value
        if item is None:
            return list(value) if isinstance(value, QuerySet) else value
        one = reader(item)
        return list(value) if one is _same else [one(element) for element in value]

    return read


def _values(annotation: Any) -> Reader:
    def read(value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        one = reader(annotation)
        return {name: one(element) for name, element in value.items()}

    return read


def _fields(kind: Any, declared: Callable[[], dict[str, tuple[str, Any]]]) -> Reader:
    """Read {attribute: (key, type)} from an object; a value of the kind itself passes."""
    # Fields are looked at on first use: a type may refer to itself or to one defined later.
    readers: dict[str, tuple[str, Reader]] = {}
    plain: dict[str, str] = {}

    def read(value: Any) -> Any:
        if not readers:
            readers.update({name: (key, reader(t)) for name, (key, t) in declared().items()})
            plain.update({name: key for name, (key, one) in readers.items() if one is _same})
        if isinstance(value, Model) and len(plain) == len(readers):
            own = value.__dict__  # a column is found here; getattr asks its descriptor first
            if own.keys() >= plain.keys() and _files(type(value)).isdisjoint(plain):
                return {key: own[name] for name, key in plain.items()}
        if isinstance(value, Mapping):
            return {
                name: readers[name][1](element) if name in readers else element
                for name, element in value.items()
            }
        # A pydantic instance was validated when it was made; a plain dataclass may hold anything.
        valid = isinstance(value, kind) and hasattr(kind, "__pydantic_validator__")
        if valid or isinstance(value, str | bytes | int | float):
            return value
        found = [(key, one, getattr(value, n, _MISSING)) for n, (key, one) in readers.items()]
        return {key: one(element) for key, one, element in found if element is not _MISSING}

    return read


@functools.cache
def _files(model: type[Model]) -> frozenset[str]:
    """The fields whose own value is a text until it is touched, and a file from then on."""
    fields = model._meta.concrete_fields
    return frozenset(field.attname for field in fields if isinstance(field, FileField))


def _model_fields(model: type[BaseModel]) -> dict[str, tuple[str, Any]]:
    """{attribute: (key, type)}; where a field has an alias, it is the object's attribute."""
    model.model_rebuild()  # a type it names may have been defined after it
    fields = {}
    for name, field in model.model_fields.items():
        alias = field.validation_alias
        key = alias if isinstance(alias, str) else name
        fields[key] = (key, field.annotation)
    return fields


def _dataclass_fields(kind: Any, chosen: Mapping[Any, Any]) -> dict[str, tuple[str, Any]]:
    """``chosen`` are the types in place of a generic dataclass's type variables."""
    hints = get_type_hints(kind, include_extras=True)

    def concrete(hint: Any) -> Any:
        for variable, kind in chosen.items():
            if hint is variable:
                return kind
        variables = getattr(hint, "__parameters__", ())
        return hint[tuple(chosen.get(v, v) for v in variables)] if variables else hint

    return {f.name: (f.name, concrete(hints[f.name])) for f in dataclasses.fields(kind) if f.init}
