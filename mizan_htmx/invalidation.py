"""An invalidation is the set of keys one request made stale, kept minimal.

It is written once, as a header and as JSON, and both come from the same keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mizan_htmx.keys import Key, Scalar, parse

MAX_KEYS = 64
MAX_BYTES = 2048

_Names = tuple[str, ...]
_Items = tuple[tuple[str, Scalar], ...]


class _Group(dict[_Items, Key]):
    """The keys of one context that name the same parameters, by what they say of these."""

    # {some of the parameters' names: {their pairs: the keys that have them}}, made where a
    # wider key asks for it: 10,000 keys and 10,000 wider ones cost look-ups, not comparisons.
    _parts: dict[_Names, dict[_Items, list[_Items]]] | None = None

    def add(self, key: Key) -> None:
        self[key.items] = key
        if self._parts is not None:
            for names, index in list(self._parts.items()):
                index.setdefault(_part(key.items, names), []).append(key.items)

    def drop(self, names: _Names, part: _Items) -> None:
        """Drop the keys that have these pairs among theirs."""
        self._parts = self._parts or {}
        if names not in self._parts:
            index = self._parts[names] = {}
            for items in list(self):
                index.setdefault(_part(items, names), []).append(items)
        for items in self._parts[names].pop(part, ()):
            self.pop(items, None)


class Invalidation:
    """A minimal set of keys.

    Adding a key drops those it is wider than; a key that is covered by a wider one is not added.
    Threads of one request may share it: whatever is iterated is a copy.

    Args:
        keys: the first keys to add.
    """

    __slots__ = ("_contexts",)

    def __init__(self, keys: Iterable[Key] = (), /) -> None:
        self._contexts: dict[str, dict[_Names, _Group]] = {}
        for key in keys:
            self.add(key)

    def add(self, key: Key, /) -> None:
        """Add one key, unless a wider one is there; drop those it is wider than."""
        contexts, names = self._contexts, key.names
        groups = contexts.get(key.name)
        if groups is None:
            if "*" in contexts:
                return
            if key.name == "*":
                contexts.clear()
            group = _Group()
            group[key.items] = key
            made = {names: group}
            groups = contexts.setdefault(key.name, made)
            if groups is made:  # no other thread was quicker
                return
        alike = groups.get(names)
        if alike is not None and key.items in alike:
            return
        if alike is None or len(groups) > 1:
            for mine, group in list(groups.items()):
                if set(mine) < set(names) and _part(key.items, mine) in group:
                    return
            for mine, group in list(groups.items()):
                if set(mine) > set(names):
                    group.drop(names, key.items)
        if alike is None:
            alike = groups.setdefault(names, _Group())
        alike.add(key)

    def clear(self) -> None:
        """Let go of all keys."""
        self._contexts.clear()

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys())

    def __len__(self) -> int:
        return len(self._keys())

    def _keys(self) -> list[Key]:
        groups = [group for one in list(self._contexts.values()) for group in list(one.values())]
        return [key for group in groups for key in list(group.values())]

    def __bool__(self) -> bool:
        return bool(self._contexts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Invalidation):
            return NotImplemented
        return set(self) == set(other)

    __hash__ = None  # type: ignore[assignment]  # it grows

    def __repr__(self) -> str:
        return f"<Invalidation {', '.join(map(str, self))}>"

    def covers(self, key: Key, /) -> bool:
        """Whether any key of the set covers this one."""
        if "*" in self._contexts:
            return True
        groups = list(self._contexts.get(key.name, {}).values())
        return any(mine.covers(key) for group in groups for mine in list(group.values()))

    def to_header(self) -> str:
        """The header's value: printable ASCII, at most 2,048 bytes and 64 keys."""
        keys = self._keys()
        text = ", ".join([key.text for key in keys])
        return text if _fits(keys, text) else _text(widen(keys))

    def to_json(self) -> list[str | dict[str, Any]]:
        """The same keys as ``to_header()``, as the RPC body carries them."""
        return [key.to_json() for key in widen(self)]

    @classmethod
    def from_header(cls, text: str, /) -> Invalidation:
        """Read a header's value. Never raises; what exceeds the limits is read as ``*``."""
        if len(text) > MAX_BYTES:
            return cls([Key.ANY])
        keys = list(parse(text))
        return cls(keys if len(keys) <= MAX_KEYS else [Key.ANY])


def _part(items: _Items, names: _Names) -> _Items:
    return tuple([item for item in items if item[0] in names])


def widen(keys: Iterable[Key], /) -> list[Key]:
    """The same keys, or wider ones that fit the header's limits: never a part of them.

    The context that takes the most room loses its parameters first; where the bare names do not
    fit either, everything is stale.
    """
    kept = list(keys)
    while not _fits(kept, _text(kept)):
        room: dict[str, int] = {}
        for key in kept:
            if key.items:
                room[key.name] = room.get(key.name, 0) + len(str(key)) + 2
        if not room:
            return [Key.ANY]
        widest = max(room, key=room.__getitem__)
        kept = [key for key in kept if key.name != widest] + [Key(widest)]
    return kept


def _fits(keys: list[Key], text: str) -> bool:
    return len(keys) <= MAX_KEYS and len(text) <= MAX_BYTES


def _text(keys: list[Key]) -> str:
    return ", ".join([key.text for key in keys])
