"""The document as types alone: what openapi-typescript is given.

It writes whatever a document says into its output. So it gets the keywords that make types and,
as comments, the descriptions, in which nothing can end a comment. What it reads is JSON, and
names and values come out as quoted strings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mizan_htmx.codegen.cycles import SEVERAL, finite, name_of

_KEPT = {
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "description",
    "enum",
    "items",
    "maxItems",
    "minItems",
    "oneOf",
    "prefixItems",
    "properties",
    "required",
    "type",
}
_ENDS = re.compile(r"\*(?=/)|[\r\u2028\u2029]")
_SCALARS = {"boolean", "integer", "null", "number", "string"}
_LONGEST = 2_000  # characters of a description; the rest is for the document


def types_alone(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document of the same types, with nothing else in it.

    Args:
        document: what ``schema.document`` gave.
    """
    components = document["components"]
    models = components["schemas"]
    return {
        "openapi": document["openapi"],
        "info": document["info"],
        "paths": {
            path: {method: _operation(operation, models) for method, operation in item.items()}
            for path, item in document["paths"].items()
        },
        "components": {
            "schemas": finite({n: _schema(schema) for n, schema in models.items()}),
            "responses": {n: _response(answer) for n, answer in components["responses"].items()},
        },
    }


def _operation(operation: Mapping[str, Any], models: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "operationId": operation["operationId"],
        "parameters": [
            {**parameter, "schema": _in_url(_schema(parameter["schema"]), models)}
            for parameter in operation.get("parameters", ())
        ],
        "responses": {n: _response(answer) for n, answer in operation["responses"].items()},
    }
    if "description" in operation:
        plain["description"] = comment(operation["description"])
    if "requestBody" in operation:
        body = operation["requestBody"]
        plain["requestBody"] = {**body, "content": _content(body["content"])}
    return plain


def _in_url(schema: dict[str, Any], models: Mapping[str, Any], many: bool = True) -> dict[str, Any]:
    """A schema of what a query string carries: scalars and, once, many of them; else a text."""
    if "$ref" in schema:
        model = _schema(models[name_of(schema["$ref"])])
        inner = _in_url(model, models, many)
        return schema if inner == model else inner
    if several := schema.get("anyOf") or schema.get("oneOf"):
        return {**_told(schema), "anyOf": [_in_url(inner, models, many) for inner in several]}
    if schema.get("type") == "array" and many:
        if "prefixItems" in schema:
            pair = [_in_url(item, models, False) for item in schema["prefixItems"]]
            return {**schema, "prefixItems": pair}
        return {**schema, "items": _in_url(schema.get("items", {}), models, False)}
    values = schema.get("enum", [schema.get("const")])
    scalar = str(schema.get("type")) in _SCALARS or "enum" in schema or "const" in schema
    if scalar and not any(isinstance(value, list | dict) for value in values):
        return schema
    return {**_told(schema), "type": "string"}


def _told(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name == "description"}


def _response(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {**answer, "content": _content(answer["content"])} if "content" in answer else {**answer}


def _content(content: Mapping[str, Any]) -> dict[str, Any]:
    return {kind: {"schema": _schema(medium["schema"])} for kind, medium in content.items()}


def _schema(schema: Any) -> Any:
    if not isinstance(schema, dict):  # additionalProperties may be true or false
        return schema
    plain = {name: _value(name, value) for name, value in schema.items() if name in _KEPT}
    if "patternProperties" in schema:
        found = [_schema(value) for value in schema["patternProperties"].values()]
        plain["additionalProperties"] = {"anyOf": found}
    return plain


def _value(name: str, value: Any) -> Any:
    if name == "description":
        return comment(value)
    if name == "properties":
        return {key: _schema(inner) for key, inner in value.items()}
    if name in SEVERAL:
        return [_schema(inner) for inner in value]
    return _schema(value) if name in ("additionalProperties", "items") else value


def comment(text: str) -> str:
    """A text that stays inside the comment it is put into."""
    return _ENDS.sub(lambda found: "* " if found[0] == "*" else "\n", text[:_LONGEST])
