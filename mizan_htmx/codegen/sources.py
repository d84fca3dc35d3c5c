"""The TypeScript of a document: a few lines per context and per mutation.

Of all that a declaration says only its name comes here, as a JSON string; its types are looked
up in ``schema.d.ts``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mizan_htmx.codegen.names import claim, pascal
from mizan_htmx.http import JSON

BANNER = "// Made by manage.py mizan_codegen: do not edit, the next run writes it anew.\n"


@dataclass(frozen=True)
class Target:
    """What is made for one framework.

    Attributes:
        adapter: the module of its adapter, or "" where the kernel is all.
        context, mutation: the adapter's functions for a context and for a mutation.
        reads, writes: what the functions made of them are called, for a stem.
        params: the adapter's type around a context's params, or "".
        exports: what else of the adapter is for whoever uses the code.
    """

    adapter: str = ""
    context: str = ""
    mutation: str = ""
    reads: str = ""
    writes: str = ""
    params: str = ""
    exports: tuple[str, ...] = ()


TARGETS = {
    "ts": Target(),
    "react": Target(
        adapter="react",
        context="useContextData",
        mutation="useMutation",
        reads="use{Stem}",
        writes="use{Stem}",
        exports=("MizanProvider",),
    ),
    "vue": Target(
        adapter="vue",
        context="useContextData",
        mutation="useMutation",
        reads="use{Stem}",
        writes="use{Stem}",
        params="MaybeRefOrGetter",
    ),
    "svelte": Target(
        adapter="svelte",
        context="contextData",
        mutation="mutation",
        reads="{stem}",
        writes="{stem}Mutation",
    ),
}

KERNEL = ("MizanError", "configure", "initSession", "invalidate")  # for whoever uses the code
_USED = ("Entry", "mizanCall", "mizanFetch", "operations", "registerContext")

_TYPES = 'import type { operations } from "./schema.js"'

_CONTEXT = """
export type {Stem}Params = {params}
export type {Stem}Data = operations[{operation}]["responses"][200]["content"]["application/json"]

export function register{Stem}({given}): Entry<{Stem}Data> {{
  return registerContext<{Stem}Data>({name}, {passed})
}}

export function fetch{Stem}({given}): Promise<{Stem}Data> {{
  return mizanFetch<{Stem}Data>({name}, {passed})
}}
"""
_CONTEXT_OF_TARGET = """
export function {made}({given}) {{
  return {function}<{Stem}Data>({name}, {passed})
}}
"""
_MUTATION = """
export type {Stem}Args = {args}
export type {Stem}Result = {result}

export function {stem}({given}): Promise<{Stem}Result> {{
  return mizanCall<{Stem}Result>({name}, {passed})
}}
"""
_MUTATION_OF_TARGET = """
export function {made}() {{
  return {function}<{Stem}Args, {Stem}Result>({name})
}}
"""
NOTHING = "Record<string, never>"


def sources(document: Mapping[str, Any], target: Target) -> dict[str, str]:
    """The files that say what is there: by name, their text.

    Args:
        document: what ``schema.document`` gave.
        target: one of ``TARGETS``.
    """
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    contexts = {_name(o): o for o in operations if o["tags"] == ["contexts"]}
    # What takes a file is posted by a form; a call is JSON.
    mutations = {
        _name(o): o
        for o in operations
        if o["tags"] == ["mutations"] and JSON in o["requestBody"]["content"]
    }
    taken = {*KERNEL, *_USED, *target.exports, target.context, target.mutation, target.params}
    reads = claim(contexts, lambda stem: _context_exports(stem, target), taken)
    writes = claim(mutations, lambda stem: _mutation_exports(stem, target), taken)
    made = {
        "contexts": [_context(name, stem, contexts[name], target) for name, stem in reads.items()],
        "mutations": [
            _mutation(name, stem, mutations[name], target) for name, stem in writes.items()
        ],
    }
    heads = {
        "contexts": _contexts_head(target, any(o["parameters"] for o in contexts.values())),
        "mutations": _mutations_head(target),
    }
    files = {f"{name}.ts": heads[name] + "".join(parts) for name, parts in made.items() if parts}
    return {**files, "index.ts": _index(target, sorted(files))}


def _name(operation: Mapping[str, Any]) -> str:
    return str(operation["operationId"]).partition(".")[2]


def _fill(template: str, stem: str) -> str:
    return template.format(stem=stem, Stem=pascal(stem))


def _context_exports(stem: str, target: Target) -> list[str]:
    made = ["{Stem}Params", "{Stem}Data", "register{Stem}", "fetch{Stem}"]
    return [_fill(name, stem) for name in [*made, target.reads] if name]


def _mutation_exports(stem: str, target: Target) -> list[str]:
    made = ["{stem}", "{Stem}Args", "{Stem}Result"]
    return [_fill(name, stem) for name in [*made, target.writes] if name]


def _contexts_head(target: Target, any_params: bool) -> str:
    lines = ['import { mizanFetch, registerContext, type Entry } from "./kernel.js"']
    if target.context:
        lines.append(f'import {{ {target.context} }} from "./{target.adapter}.js"')
    if target.params and any_params:
        lines.append(f'import type {{ {target.params} }} from "{target.adapter}"')
    return _lines(*lines, _TYPES)


def _mutations_head(target: Target) -> str:
    lines = ['import { mizanCall } from "./kernel.js"']
    if target.mutation:
        lines.append(f'import {{ {target.mutation} }} from "./{target.adapter}.js"')
    return _lines(*lines, _TYPES)


def _lines(*lines: str) -> str:
    return BANNER + "".join(f"{line}\n" for line in lines)


def _context(name: str, stem: str, operation: Mapping[str, Any], target: Target) -> str:
    kind = f"{pascal(stem)}Params"
    operation_id = json.dumps(operation["operationId"])
    parameters = operation["parameters"]
    words = {
        "Stem": pascal(stem),
        "operation": operation_id,
        "name": json.dumps(name),
        "params": f'NonNullable<operations[{operation_id}]["parameters"]["query"]>'
        if parameters
        else NOTHING,
        **_given("params", kind, bool(parameters), any(p["required"] for p in parameters)),
    }
    made = _CONTEXT.format(**words)
    if target.context:
        words |= {"made": _fill(target.reads, stem), "function": target.context}
        if target.params:
            words["given"] = words["given"].replace(kind, f"{target.params}<{kind}>")
        made += _CONTEXT_OF_TARGET.format(**words)
    return made


def _mutation(name: str, stem: str, operation: Mapping[str, Any], target: Target) -> str:
    operation_id = json.dumps(operation["operationId"])
    arguments = operation["requestBody"]["content"][JSON]["schema"]
    body = f'NonNullable<operations[{operation_id}]["requestBody"]>["content"]["{JSON}"]'
    words = {
        "stem": stem,
        "Stem": pascal(stem),
        "name": json.dumps(name),
        "args": body if arguments["properties"] else NOTHING,
        "result": _result(operation_id, operation),
        **_given(
            "args",
            f"{pascal(stem)}Args",
            bool(arguments["properties"]),
            bool(arguments["required"]),
        ),
    }
    made = _MUTATION.format(**words)
    if target.mutation:
        words |= {"made": _fill(target.writes, stem), "function": target.mutation}
        made += _MUTATION_OF_TARGET.format(**words)
    return made


def _given(word: str, kind: str, any_at_all: bool, required: bool) -> dict[str, str]:
    if not any_at_all:
        return {"given": "", "passed": "{}"}
    return {"given": f"{word}: {kind}" + ("" if required else " = {}"), "passed": word}


def _result(operation_id: str, operation: Mapping[str, Any]) -> str:
    content = f'operations[{operation_id}]["responses"][200]["content"]'
    kinds = operation["responses"]["200"]["content"]
    ways = {"text/html": f'{content}["text/html"]', JSON: f'{content}["{JSON}"]["result"]'}
    return " | ".join(way for kind, way in ways.items() if kind in kinds)


def _index(target: Target, files: list[str]) -> str:
    lines = [f'export {{ {", ".join(KERNEL)} }} from "./kernel.js"']
    if target.exports:
        lines.append(f'export {{ {", ".join(target.exports)} }} from "./{target.adapter}.js"')
    lines += [f'export * from "./{name.removesuffix(".ts")}"' for name in files]
    return _lines(*lines, 'export type { components, operations } from "./schema.js"')
