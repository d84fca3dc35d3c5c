"""Python's types as JSON Schema says them, true to what really travels.

Pydantic's own schema is nearly that; what it does not know is how integers past 2**53 travel,
and that a result always has all of its fields.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from typing import Any

from django.core.files.base import File
from pydantic import InstanceOf, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import PydanticSerializationError, core_schema

from mizan_htmx import spelling
from mizan_htmx.parameters import Parameter
from mizan_htmx.signatures import SAFE_INTEGER, Signature

REFERENCE = "#/components/schemas/{model}"
INTEGER_TEXT = {"type": "string", "pattern": "^(0|-?[1-9][0-9]*)$"}
FILE = {"type": "string", "format": "binary"}

Part = tuple[Hashable, JsonSchemaMode, TypeAdapter[Any]]


def incoming(key: Hashable, parameter: Parameter) -> Part:
    """What may be given for a parameter."""
    return key, "validation", TypeAdapter(spelling.rebuilt(parameter.annotation, _leaf))


def outgoing(key: Hashable, signature: Signature) -> Part:
    """What comes back from a function."""
    return key, "serialization", signature.adapter


def takes_file(parameter: Parameter) -> bool:
    """Whether only a multipart form can carry it."""
    found: list[Any] = []

    def look(kind: Any) -> Any:
        found.append(kind)
        return kind

    spelling.rebuilt(parameter.annotation, look)
    return any(map(_is_file, found))


def describe(parts: list[Part]) -> tuple[dict[Hashable, Any], dict[str, Any]]:
    """JSON Schemas of all parts at once, so that two models of one name get two names.

    Returns:
        The schemas by key, and the definitions they refer to, by name.
    """
    schemas, shared = TypeAdapter.json_schemas(
        parts, ref_template=REFERENCE, schema_generator=WireSchema
    )
    return {key: schema for (key, _), schema in schemas.items()}, shared.get("$defs", {})


class WireSchema(GenerateJsonSchema):
    """Pydantic's JSON Schema with what docs/protocol.md says of values."""

    ignored_warning_kinds = {"skipped-choice", "non-serializable-default", "skipped-discriminator"}  # noqa: RUF012

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        """A text is an integer on the way in, and a large one is a text on the way out."""
        number = super().int_schema(schema)
        if self.mode == "validation" and not schema.get("strict"):
            return {"anyOf": [number, INTEGER_TEXT]}
        bounds = (schema.get("ge"), schema.get("gt"), schema.get("le"), schema.get("lt"))
        if any(bound is not None and abs(bound) > SAFE_INTEGER for bound in bounds):
            return {"anyOf": [number, INTEGER_TEXT]}
        return number

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        return _choices(super().literal_schema(schema))

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        return _choices(super().enum_schema(schema))

    def is_instance_schema(self, schema: core_schema.IsInstanceSchema) -> JsonSchemaValue:
        if _is_file(schema["cls"]):
            return dict(FILE)
        return super().is_instance_schema(schema)

    def handle_invalid_for_json_schema(self, schema: Any, error_info: str) -> JsonSchemaValue:
        """Anything, for a type that JSON Schema cannot describe."""
        return {}

    def encode_default(self, dft: Any) -> Any:
        """A default as JSON; none but plain ones, for a set's order differs from run to run."""
        value = super().encode_default(dft)
        if isinstance(value, list | dict) and value:
            raise PydanticSerializationError("not plain")
        if isinstance(value, float) and not math.isfinite(value):
            raise PydanticSerializationError("not finite")
        return value

    def field_is_required(self, field: Any, total: bool) -> bool:
        """A result is dumped with its defaults, so they are always there."""
        if self.mode == "validation" or field["type"] == "typed-dict-field":
            return super().field_is_required(field, total)
        return not field.get("serialization_exclude") and "serialization_exclude_if" not in field

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        return self._by_its_names(schema, super().model_schema)

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        return self._by_its_names(schema, super().dataclass_schema)

    def typed_dict_schema(self, schema: core_schema.TypedDictSchema) -> JsonSchemaValue:
        return self._by_its_names(schema, super().typed_dict_schema)

    def _by_its_names(
        self, schema: Any, describe: Callable[[Any], JsonSchemaValue]
    ) -> JsonSchemaValue:
        """A dump uses field names, unless the model's own configuration asks for aliases."""
        before = self.by_alias
        config = schema.get("config") or {}
        self.by_alias = self.mode == "validation" or config.get("serialize_by_alias", False)
        try:
            return describe(schema)
        finally:
            self.by_alias = before


def _leaf(kind: Any) -> Any:
    return InstanceOf[kind] if _is_file(kind) else spelling.readable(kind)  # type: ignore[misc]


def _is_file(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, File)


def _choices(schema: JsonSchemaValue) -> JsonSchemaValue:
    """Choices as they travel: a large integer is a text."""
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    exact = [str(v) if type(v) is int and abs(v) > SAFE_INTEGER else v for v in values]
    if exact == values:
        return schema
    return {**{n: v for n, v in schema.items() if n not in ("const", "type")}, "enum": exact}
