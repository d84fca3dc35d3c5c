"""What the registry holds, as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1).

Only declarations are read: no query runs, and no database is asked.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Literal

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from pydantic import BaseModel, TypeAdapter

import mizan_htmx
from mizan_htmx import exceptions
from mizan_htmx.affected import Affects
from mizan_htmx.codegen.types import Part, describe, incoming, outgoing, takes_file
from mizan_htmx.contexts import Context
from mizan_htmx.exceptions import RequestError
from mizan_htmx.http import JSON
from mizan_htmx.keys import Key
from mizan_htmx.mutations import Mutation
from mizan_htmx.parameters import MISSING, Parameter
from mizan_htmx.registry import Registry, registry

BASE = "/api/mizan/"  # where no URLconf says otherwise

READ = ("bad_request", "unauthenticated", "forbidden", "not_found", "invalid", "internal")
WRITE = (*READ, "csrf", "user_changed", "too_large", "unsupported_media_type")
ERRORS: dict[str, type[RequestError]] = {
    kind.code: kind
    for kind in vars(exceptions).values()
    if isinstance(kind, type) and issubclass(kind, RequestError)
}


class MizanErrorDetail(BaseModel):
    loc: list[str | int]
    message: str


class MizanErrorBody(BaseModel):
    code: Literal[tuple(sorted(ERRORS))]  # type: ignore[valid-type]
    message: str
    details: list[MizanErrorDetail]


class MizanErrorAnswer(BaseModel):
    error: MizanErrorBody


class MizanInvalidated(BaseModel):
    context: str
    params: dict[str, int | str | bool | None]


Schemas = Mapping[Any, dict[str, Any]]


def document(declared: Registry = registry) -> dict[str, Any]:
    """The whole document, the same for the same declarations.

    Args:
        declared: whose contexts and mutations.
    """
    contexts = [context for _, context in sorted(declared.contexts.items())]
    mutations = [mutation for _, mutation in sorted(declared.mutations.items())]
    schemas, definitions = describe([*_parts(contexts, mutations)])
    paths = {f"ctx/{context.name}/": {"get": _read(context, schemas)} for context in contexts}
    paths |= {f"call/{m.name}/": {"post": _write(m, schemas)} for m in mutations}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Contexts and mutations", "version": mizan_htmx.__version__},
        "servers": [{"url": base().rstrip("/") or "/"}],
        "paths": {f"/{path}": operation for path, operation in sorted(paths.items())},
        "components": {
            "schemas": definitions,
            "responses": dict(_errors(schemas)),
            "securitySchemes": {"csrf": _csrf()},
        },
    }


def to_json(described: Mapping[str, Any], indent: int = 2) -> str:
    """The document as a file holds it."""
    return json.dumps(described, indent=indent, allow_nan=False) + "\n"


def base() -> str:
    """Where the project includes ``mizan_htmx.urls``."""
    try:
        return reverse("mizan_htmx:session").removesuffix("session/")
    except NoReverseMatch:
        return BASE


def _parts(contexts: Iterable[Context], mutations: Iterable[Mutation]) -> Iterator[Part]:
    for context in contexts:
        for name, parameter in sorted(context.parameters.items()):
            yield incoming((context, name), parameter)
        for name, query in sorted(context.queries.items()):
            yield outgoing((context, "result", name), query)
    for mutation in mutations:
        for name, parameter in mutation.signature.parameters.items():
            yield incoming((mutation, name), parameter)
        yield outgoing((mutation, "result", ""), mutation.signature)
    yield "error", "serialization", TypeAdapter(MizanErrorAnswer)
    yield "invalidated", "serialization", TypeAdapter(list[str | MizanInvalidated])


def _read(context: Context, schemas: Schemas) -> dict[str, Any]:
    bundle = {
        name: _with(schemas[context, "result", name], _told(query.function))
        for name, query in sorted(context.queries.items())
    }
    return {
        "operationId": f"ctx.{context.name}",
        "tags": ["contexts"],
        "parameters": [
            {
                "name": name,
                "in": "query",
                "required": _required(parameter) and not parameter.many,
                "schema": _with_default(schemas[context, name], parameter),
            }
            for name, parameter in sorted(context.parameters.items())
        ],
        "responses": {
            "200": _content("The results of its queries", JSON, _object(bundle)),
            "304": {"description": "Nothing has changed since the ETag given"},
            **_refused(READ),
        },
    }


def _write(mutation: Mutation, schemas: Schemas) -> dict[str, Any]:
    signature = mutation.signature
    parameters = signature.parameters
    arguments = _object(
        {name: _with_default(schemas[mutation, name], p) for name, p in parameters.items()},
        [name for name, parameter in parameters.items() if _required(parameter)],
    )
    multipart = any(map(takes_file, parameters.values()))
    kind = "multipart/form-data" if multipart else JSON
    required = bool(arguments["required"])
    told = _told(mutation.function)
    return {
        "operationId": f"call.{mutation.name}",
        "tags": ["mutations"],
        **({"description": told} if told else {}),
        "security": [{"csrf": []}],
        "requestBody": {"required": required, "content": {kind: {"schema": arguments}}},
        "responses": {
            "200": {"description": "Its result", "content": _results(mutation, schemas)},
            **_refused(WRITE),
        },
        "x-mizan-affects": _affects(mutation.affects, parameters),
    }


def _results(mutation: Mutation, schemas: Schemas) -> dict[str, Any]:
    signature = mutation.signature
    content = {}
    if signature.responds:
        content["text/html"] = {"schema": {"type": "string"}}
    if not signature.responds or signature.returns is not Any:
        result = {"result": schemas[mutation, "result", ""], "invalidate": schemas["invalidated"]}
        content[JSON] = {"schema": _object(result)}
    return content


def _affects(affects: Affects, parameters: Mapping[str, Parameter]) -> list[dict[str, Any]]:
    """The affected contexts, each with where its parameters come from."""
    told = [_scope(target, affects, parameters) for target in affects.targets]
    return sorted(told, key=json.dumps)


def _scope(target: Any, affects: Affects, parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    if isinstance(target, Key):
        params = target.values()
        return {"context": target.name, "scope": "fixed" if params else "all", "params": params}
    context = registry.context(target) if isinstance(target, str) else target
    if callable(affects.params):
        return {"context": context.name, "scope": "result"}
    named = {name: name for name in parameters} if affects.params is None else affects.params
    params = {n: named[n] for n in sorted(context.parameters) if n in named}
    return {"context": context.name, "scope": "arguments" if params else "all", "params": params}


def _errors(schemas: Schemas) -> Iterator[tuple[str, Any]]:
    for codes in sorted({codes for _, codes in (*_by_status(READ), *_by_status(WRITE))}):
        told = " ".join(str(ERRORS[code].__doc__) for code in codes)
        yield ".".join(codes), _content(told, JSON, schemas["error"])


def _refused(codes: Iterable[str]) -> dict[str, Any]:
    return {
        str(status): {"$ref": f"#/components/responses/{'.'.join(names)}"}
        for status, names in _by_status(codes)
    }


def _by_status(codes: Iterable[str]) -> list[tuple[int, tuple[str, ...]]]:
    ordered = sorted(codes, key=lambda code: (ERRORS[code].status, code))
    return [(s, tuple(names)) for s, names in groupby(ordered, lambda code: ERRORS[code].status)]


def _csrf() -> dict[str, str]:
    header = settings.CSRF_HEADER_NAME.removeprefix("HTTP_").replace("_", "-")
    return {"type": "apiKey", "in": "header", "name": header}


def _required(parameter: Parameter) -> bool:
    return parameter.absent() is MISSING


def _with_default(schema: dict[str, Any], parameter: Parameter) -> dict[str, Any]:
    plain = isinstance(parameter.default, str | int)
    return {**schema, "default": parameter.default} if plain else schema


def _with(schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {**schema, "description": description} if description else schema


def _told(function: Any) -> str:
    return inspect.getdoc(function) or ""


def _object(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties] if required is None else required,
        "additionalProperties": False,
    }


def _content(description: str, kind: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {kind: {"schema": schema}}}
