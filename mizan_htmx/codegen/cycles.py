"""Models that stand for themselves, cut where TypeScript cannot follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

SEVERAL = {"allOf", "anyOf", "oneOf", "prefixItems"}
"""The keywords that hold a list of schemas."""


def finite(models: dict[str, Any]) -> dict[str, Any]:
    """The models without those references that TypeScript cannot follow (TS2502).

    A property may refer to the type it belongs to; a union, an array or a tuple that stands for
    itself may not, so there it holds anything.
    """
    near = {name: set(_eager(model)) for name, model in models.items()}

    def reaches(start: str, goal: str) -> bool:
        found, ahead = set(), [start]
        while ahead:
            name = ahead.pop()
            if name not in found:
                found.add(name)
                ahead += near[name]
        return goal in found

    return {
        name: _cut(model, {other for other in near[name] if reaches(other, name)})
        for name, model in models.items()
    }


def _eager(schema: Any) -> Iterator[str]:
    """The models a schema names outside of its properties."""
    if "$ref" in schema:
        yield name_of(schema["$ref"])
    for inner in _parts(schema):
        yield from _eager(inner)


def _parts(schema: Mapping[str, Any]) -> list[Any]:
    several = [inner for name in SEVERAL for inner in schema.get(name, ())]
    return [*several, schema["items"]] if isinstance(schema.get("items"), dict) else several


def _cut(schema: Any, names: set[str]) -> Any:
    """The schema with anything in place of these models."""
    if not names or not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {} if name_of(schema["$ref"]) in names else schema
    kept = {**schema}
    for name in SEVERAL & schema.keys():
        kept[name] = [_cut(inner, names) for inner in schema[name]]
    if "items" in schema:
        kept["items"] = _cut(schema["items"], names)
    return kept


def name_of(reference: str) -> str:
    """The model's name in a ``$ref``."""
    return reference.rpartition("/")[2]
