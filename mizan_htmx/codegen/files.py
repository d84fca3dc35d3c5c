"""A folder of made files: compare it, write it whole, take away what is made no more."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def drifted(folder: Path, wanted: Mapping[str, str], banner: str = "") -> list[str]:
    """The names of the files that are not as they would be written, sorted.

    Args:
        folder: need not exist.
        wanted: texts by file name.
        banner: how files begin that were made here: one that is wanted no more is named, too;
            "" where nothing else of the folder is ours.
    """
    changed = [name for name, text in wanted.items() if _read(folder / name) != text.encode()]
    return sorted([*changed, *_left_over(folder, wanted, banner)])


def write(folder: Path, wanted: Mapping[str, str], banner: str = "") -> list[str]:
    """Make the folder's files as wanted; each is replaced whole, after all could be written.

    Returns:
        The names of what was written or taken away.

    Raises:
        OSError: nothing was replaced, unless the file system failed between two renames.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = drifted(folder, wanted, banner)
    beside = {name: folder / f".{name}.{os.getpid()}.tmp" for name in names if name in wanted}
    try:
        for name, path in beside.items():
            path.write_bytes(wanted[name].encode())
        for name, path in beside.items():
            os.replace(path, folder / name)
    finally:
        for path in beside.values():
            path.unlink(missing_ok=True)
    for name in names:
        if name not in wanted:
            (folder / name).unlink()
    return names


def _left_over(folder: Path, wanted: Mapping[str, str], banner: str) -> list[str]:
    if not banner or not folder.is_dir():
        return []
    files = [path for path in folder.iterdir() if path.name not in wanted and path.is_file()]
    return [path.name for path in files if _begins(path, banner.encode())]


def _begins(path: Path, banner: bytes) -> bool:
    if path.suffix not in (".js", ".ts"):
        return False
    with path.open("rb") as file:
        return file.read(len(banner)) == banner


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
