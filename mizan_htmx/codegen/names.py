"""What a declaration is called in TypeScript: ``add_card`` becomes ``addCard``."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from itertools import count

# ECMA-262 section 12.7.2, with what strict mode and modules add. A module that exports `then` is
# taken for a promise by `await import()`, which calls it.
_WORDS = """
    arguments await break case catch class const continue debugger default delete do else enum
    eval export extends false finally for function if implements import in instanceof interface
    let new null package private protected public return static super switch then this throw
    true try typeof undefined var void while with yield
"""
RESERVED = frozenset(_WORDS.split())


def camel(name: str) -> str:
    """``tracker.add_card`` as ``trackerAddCard``."""
    first, *rest = [part for part in re.split(r"[._]+", name) if part]
    return first + "".join(map(pascal, rest))


def pascal(name: str) -> str:
    """The same with a large first letter."""
    return name[:1].upper() + name[1:]


def claim(
    names: Iterable[str], exports: Callable[[str], Collection[str]], taken: set[str]
) -> dict[str, str]:
    """A stem per name, such that no two of all the exports are the same.

    Args:
        names: of the declarations, in the order in which they choose; what comes later and would
            be called the same gets a ``_`` at its end.
        exports: what is exported for a stem.
        taken: what is exported already; grows.

    Returns:
        The stems by name.
    """
    stems = {}
    for name in names:
        stem = next(
            stem
            for stem in (camel(name) + "_" * n for n in count())
            if not (RESERVED | taken).intersection(exports(stem))
        )
        stems[name] = stem
        taken.update(exports(stem))
    return stems
