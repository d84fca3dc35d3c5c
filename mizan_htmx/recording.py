"""Collect the keys of a request and close them once, when its response is there.

A key lives as long as its transaction. ``record`` registers an ``on_commit`` callback and keeps a
weak reference to it: Django drops the callback when its savepoint or transaction is rolled back,
and with it the key. So on closing a key stands if its callback ran or still waits.
"""

from __future__ import annotations

import asyncio
import logging
import weakref
from asyncio import _get_running_loop
from collections.abc import AsyncIterator, Iterator
from contextvars import ContextVar
from threading import Thread, current_thread
from types import TracebackType

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from mizan_htmx.exceptions import RecordingError
from mizan_htmx.invalidation import Invalidation
from mizan_htmx.keys import Key
from mizan_htmx.signals import aannounce, announce

logger = logging.getLogger("mizan_htmx")

# Thread-locals would bleed between coroutines; a ContextVar follows sync_to_async and to_thread.
_current: ContextVar[recording | None] = ContextVar("mizan_recording", default=None)
_reading: ContextVar[str] = ContextVar("mizan_reading", default="")


class _Commit:
    """The on_commit callback of one key."""

    __slots__ = ("__weakref__", "entry")

    def __init__(self, entry: _Entry) -> None:
        self.entry = entry

    def __call__(self) -> None:
        self.entry.commit()

    def __del__(self) -> None:
        # A rollback drops it while autocommit is off. Where it is on again the transaction was
        # committed, and a callback of somebody else raised: Django then drops all later ones.
        if not self.entry.committed and self.entry.connection.autocommit:
            self.entry.commit()


class _Entry:
    """A key that was recorded in a transaction, and what became of that."""

    __slots__ = ("announced", "callback", "committed", "connection", "key")

    def __init__(self, key: Key, connection: BaseDatabaseWrapper) -> None:
        self.key = key
        self.committed = self.announced = False
        self.connection = connection
        callback = _Commit(self)
        self.callback = weakref.ref(callback)
        connection.on_commit(callback, robust=True)

    def commit(self) -> None:
        self.committed = True
        if self.announced:
            announce(Invalidation([self.key]))

    def stands(self) -> bool:
        return self.committed or self.callback() is not None


class recording(Invalidation):  # noqa: N801 - used as `with recording():`
    """Collect what is recorded inside, and close it on the way out; also ``async with``.

    It is an ``Invalidation``: what was recorded so far, and once it is closed what stands. On
    closing, receivers of ``invalidated`` are told; of the keys of a transaction that is still
    open they are told again when it commits.
    """

    __slots__ = ("_committed", "_connections", "_entries", "_token", "closed", "streaming")

    def __init__(self) -> None:
        self._contexts = {}  # as an Invalidation has them; this is made for every request
        self._committed: list[Key] = []  # when they were recorded, as most keys of most views
        self._entries: list[_Entry] = []
        self._connections: dict[tuple[Thread, str], BaseDatabaseWrapper] = {}
        self.closed = self.streaming = False

    def __enter__(self) -> recording:
        self._token = _current.set(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close()
        if self._contexts:
            announce(self)

    async def __aenter__(self) -> recording:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close()
        if not self._contexts:
            return
        if isinstance(error, asyncio.CancelledError):
            announce(self)  # a cancelled task cannot wait for anything
        else:
            await aannounce(self)

    def _close(self) -> None:
        _current.reset(self._token)
        outer = _current.get()
        if outer is not None and not outer.closed:
            outer.extend(self)  # a request's own recording hears of all
        self.closed = True
        if self._entries:
            for entry in self._settled():
                entry.announced = True

    def record(self, key: Key, using: str | None) -> None:
        """Collect one key; ``record()`` is the way to call this."""
        connection = self._connection(using or DEFAULT_DB_ALIAS)
        if connection.in_atomic_block:
            self._entries.append(_Entry(key, connection))
        else:
            self._committed.append(key)
        self.add(key)

    def _connection(self, alias: str) -> BaseDatabaseWrapper:
        """The connection of whoever records: each thread has its own, on a loop each task.

        Django looks for a loop by an exception, which takes longer than all else of a key; so what
        was found for a thread is kept.
        """
        if _get_running_loop() is not None:
            return connections[alias]
        asking = current_thread(), alias
        if asking not in self._connections:
            self._connections[asking] = connections[alias]
        return self._connections[asking]

    def extend(self, other: recording) -> None:
        """Collect what another one did."""
        self._committed += other._committed
        self._entries += other._entries
        for key in other:
            self.add(key)

    def settle(self) -> Invalidation:
        """Let go of what was rolled back; what stands so far."""
        self._settled()
        return self

    def _settled(self) -> list[_Entry]:
        standing = [entry for entry in self._entries if entry.stands()]
        if len(standing) < len(self._entries):
            self.clear()
            for key in (*self._committed, *(entry.key for entry in standing)):
                self.add(key)
        return standing

    def stream(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Pass a streamed body on, so that a key recorded too late for the header is told of."""
        self.streaming = True
        while True:
            token = _current.set(self)
            try:
                chunk = next(chunks, None)
            finally:
                _current.reset(token)
            if chunk is None:
                return
            yield chunk

    async def astream(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """``stream`` for an async body."""
        self.streaming = True
        while True:
            token = _current.set(self)
            try:
                chunk = await anext(chunks, None)
            finally:
                _current.reset(token)
            if chunk is None:
                return
            yield chunk


def record(key: Key, /, *, using: str | None = None) -> None:
    """Record that a key went stale.

    In a request or inside ``with recording():`` it is collected. Anywhere else (a shell, a task,
    a thread, a migration) it is closed at once: announced, and again on commit.

    Args:
        key: what went stale.
        using: the alias of the database the write went to; the default one unless said.

    Raises:
        RecordingError: inside a query or a fragment's render, where only reading is allowed.
    """
    if what := _reading.get():
        raise RecordingError(
            f"{key} was recorded while {what} was read; reads may not invalidate, or two"
            " fragments could refetch one another for ever. Write in a mutation or a view."
        )
    current = _current.get()
    if current is None or current.closed:
        if current is not None and current.streaming:
            _too_late(key)
        with recording() as current:
            current.record(key, using)
    else:
        current.record(key, using)


def pending() -> Invalidation:
    """What the current recording holds so far; empty outside of one."""
    current = _current.get()
    return Invalidation() if current is None else current.settle()


def _too_late(key: Key) -> None:
    message = f"{key!s:.200} was recorded in a streamed body, after the headers were sent"
    if settings.DEBUG:
        raise RecordingError(f"{message}; record it in the view, before the response is returned")
    logger.error("%s; the client that asked will not hear of it", message)


class reading:  # noqa: N801 - used as `with reading(what):`
    """Inside, ``record`` raises.

    Args:
        what: what is being read, for the message.
    """

    __slots__ = ("_token", "what")

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        self._token = _reading.set(self.what)

    def __exit__(self, *error: object) -> None:
        _reading.reset(self._token)
