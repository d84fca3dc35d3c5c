"""All that a frontend gets: types, accessors, the kernel and the adapter of its framework."""

from __future__ import annotations

from pathlib import Path

import mizan_htmx
from mizan_htmx.codegen.compiler import types_of
from mizan_htmx.codegen.plain import types_alone
from mizan_htmx.codegen.schema import document
from mizan_htmx.codegen.sources import BANNER, TARGETS, sources

STATIC = Path(mizan_htmx.__file__).parent / "static" / "mizan_htmx"
KINDS = (".js", ".d.ts")


def project(target: str, folder: Path) -> dict[str, str]:
    """The files of a target: by name, their text.

    Args:
        target: a name of ``TARGETS``.
        folder: where they will stand; openapi-typescript is looked for from there.

    Raises:
        Missing, Failed: see ``compiler.types_of``.
    """
    described = document()
    chosen = TARGETS[target]
    copied = [f"{name}{kind}" for name in ("kernel", chosen.adapter) if name for kind in KINDS]
    return {
        **{name: BANNER + (STATIC / name).read_text(encoding="utf-8") for name in copied},
        "schema.d.ts": BANNER + types_of(types_alone(described), folder),
        **sources(described, chosen),
    }
