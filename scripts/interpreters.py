"""The interpreters of this machine: those on PATH, and pyenv's."""

import os
from pathlib import Path


def find_interpreters() -> None:
    """Put pyenv's interpreters on PATH, where tox looks for them."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    bins = [str(path) for path in sorted(root.glob("versions/3.*/bin"))]
    os.environ["PATH"] = os.pathsep.join([*bins, os.environ["PATH"]])
