"""What exists, by name. Open while Django starts, closed after it.

A name from a request is a key of these closed dictionaries and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from mizan_htmx.exceptions import DeclarationError, NotFound, UnknownName

if TYPE_CHECKING:
    from mizan_htmx.contexts import Context
    from mizan_htmx.mutations import Mutation


class Registry:
    """Contexts and mutations by name, and what still has to be checked when it closes."""

    def __init__(self) -> None:
        self.contexts: dict[str, Context] = {}
        self.mutations: dict[str, Mutation] = {}
        self.unchecked: list[Any] = []
        self.closed = False

    def add(self, kind: str, declared: dict[str, Any], name: str, value: Any) -> None:
        """Put a declaration under its name.

        Raises:
            DeclarationError: the name is taken, or the registry is closed.
        """
        if name in declared:
            raise DeclarationError(
                f"the {kind} {name!r} of {value.module} exists already in"
                f" {declared[name].module}; give one of them another name"
            )
        self.check_open(f"the {kind} {name!r} of {value.module}")
        declared[name] = value
        self.unchecked.append(value)

    def check_open(self, what: str) -> None:
        """Refuse a declaration that comes too late."""
        if self.closed:
            raise DeclarationError(
                f"{what} was declared after start-up; declare it in <app>/mizan.py,"
                " or import it from there"
            )

    def close(self) -> None:
        """Check what each declaration says of the others; nothing can be declared any more."""
        self.closed = True
        unchecked, self.unchecked = self.unchecked, []
        for declaration in unchecked:
            declaration.check()

    def context(self, name: str) -> Context:
        """The context of a name a developer wrote.

        Raises:
            UnknownName: with what exists.
        """
        try:
            return self.contexts[name]
        except KeyError:
            raise UnknownName("context", name, self.contexts) from None

    def mutation(self, name: str) -> Mutation:
        """The mutation of a name a developer wrote.

        Raises:
            UnknownName: with what exists.
        """
        try:
            return self.mutations[name]
        except KeyError:
            raise UnknownName("mutation", name, self.mutations) from None

    @contextmanager
    def opened(self) -> Iterator[Registry]:
        """Open it for a test's own declarations; on leaving, all is as it was before."""
        before = self.contexts, self.mutations, self.closed
        self.contexts, self.mutations, self.closed = dict(before[0]), dict(before[1]), False
        try:
            with ExitStack() as stack:
                for context in before[0].values():
                    stack.enter_context(context.opened())
                yield self
        finally:
            self.contexts, self.mutations, self.closed = before
            self.unchecked = []


registry = Registry()


def requested(declared: dict[str, Any], name: object) -> Any:
    """The declaration a request names.

    Raises:
        NotFound: always with the same words, so that nothing is learned from it.
    """
    found = declared.get(name) if isinstance(name, str) else None
    if found is None:
        raise NotFound("there is nothing of that name")
    return found
