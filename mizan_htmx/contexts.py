"""A context is a named, parameterised read: a bundle of queries that go stale together."""

from __future__ import annotations

import asyncio
import enum
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connections
from django.http import HttpRequest

from mizan_htmx.auth import DEFAULT, authorise, check_takes
from mizan_htmx.auth import check as check_rule
from mizan_htmx.exceptions import DeclarationError, MizanError
from mizan_htmx.keys import NAME, TEXTUAL, Key
from mizan_htmx.parameters import MISSING, Parameter, validate
from mizan_htmx.recording import logger, reading, record
from mizan_htmx.registry import registry
from mizan_htmx.signatures import Signature

Function = TypeVar("Function", bound=Callable[..., Any])

_WRITES = re.compile(
    r"\s*(insert|update|delete|replace|merge|truncate|create|alter|drop)\b", re.IGNORECASE
)


SPELLED = (int, str, bool, type(None), *TEXTUAL, enum.Enum)
"""The kinds of values that have a single spelling."""


class Context:
    """A named bundle of queries.

    Args:
        name: ``[a-z][a-z0-9_.]*``. The name ``global`` is loaded for every page by the islands'
            provider and takes no parameters.
        auth: who may read it, see ``mizan_htmx.auth``; ``MIZAN["AUTH"]`` unless said.

    Raises:
        DeclarationError: for a name that is taken or cannot travel.
    """

    do_not_call_in_templates = True

    def __init__(self, name: str, /, *, auth: Any = DEFAULT) -> None:
        if not NAME.fullmatch(name):
            raise DeclarationError(
                f"{name!r} is no context name: use lower-case letters, digits, _ and ."
            )
        self.name = name
        self.auth = auth
        self.module = str(sys._getframe(1).f_globals.get("__name__", "?"))
        self.queries: dict[str, Signature] = {}
        self._parameters: dict[str, Parameter] | None = None
        check_rule(auth, f"the context {name!r}")
        registry.add("context", registry.contexts, name, self)

    def query(self, function: Function, /) -> Function:
        """Add a query: a function of ``(request, **params)`` under its own name.

        Raises:
            DeclarationError: for a signature that cannot be called from outside.
        """
        registry.check_open(f"the query {function.__qualname__}")
        signature = Signature(function)
        name = function.__name__
        if name in self.queries:
            raise DeclarationError(f"the context {self.name!r} has a query {name!r} already")
        if "using" in signature.names:
            raise DeclarationError(f"{signature.where}: 'using' is an option of invalidate()")
        if self.name == "global" and signature.names:
            raise DeclarationError(f"{signature.where}: the context 'global' takes no parameters")
        self.queries[name] = signature
        if self._parameters is not None:  # it was checked, and the registry opened once more
            self._parameters = None
            registry.unchecked.append(self)
        return function

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Inside, queries may be added; on leaving, they are what they were before."""
        before = self.queries, self._parameters
        self.queries = dict(self.queries)
        try:
            yield
        finally:
            self.queries, self._parameters = before

    def check(self) -> None:
        """Read every annotation, so that a fault speaks at start-up."""
        self._parameters = self._union()
        for signature in self.queries.values():
            signature.check()
        check_takes(self.auth, self._parameters, f"the context {self.name!r}")
        for parameter in self._parameters.values():
            self._check_default(parameter)
        if clash := self._parameters.keys() & self.queries.keys():
            raise DeclarationError(
                f"the context {self.name!r} has a query and a parameter {min(clash)!r}"
            )

    def _check_default(self, parameter: Parameter) -> None:
        if parameter.default is MISSING:
            return
        try:
            parameter.to_texts(parameter.default)
        except (TypeError, ValueError) as error:
            raise DeclarationError(
                f"the context {self.name!r}: {parameter.name}={parameter.default!r:.100} goes into"
                f" no URL ({error}), so nothing that shows it could be refetched; leave its default"
                " out, or give one that a query string says"
            ) from error

    def _union(self) -> dict[str, Parameter]:
        union: dict[str, Parameter] = {}
        for signature in self.queries.values():
            for name, parameter in signature.parameters.items():
                if union.setdefault(name, parameter) != parameter:
                    raise DeclarationError(
                        f"{signature.where} declares {name!r} otherwise than another query of the"
                        f" context {self.name!r}; give it one type and one default"
                    )
        return union

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """The union of its queries' parameters, by name."""
        return self._union() if self._parameters is None else self._parameters

    def key(self, /, **params: Any) -> Key:
        """The key of this context with these parameters; fewer of them make a wider key.

        Raises:
            DeclarationError: for a parameter the context does not have.
            TypeError, ValueError: for a value that cannot travel, see ``Key``.
        """
        return self._key(params)

    __call__ = key

    def key_of(self, params: Mapping[str, Any], /) -> Key:
        """The key of what was loaded with these parameters.

        What has no single spelling (a list, a float) is left out, which makes the key wider.
        """
        spelled = {n: v for n, v in params.items() if isinstance(v, SPELLED)}
        return Key.declared(self.name, spelled)

    def invalidate(self, /, *, using: str | None = None, **params: Any) -> None:
        """Say that this context went stale.

        Args:
            using: the alias of the database the write went to; the default one unless said.
            params: which part of it; all of it where none is given.

        Raises:
            RecordingError: inside a query or a fragment's render.
        """
        record(self._key(params), using=using)

    def _key(self, params: Mapping[str, Any]) -> Key:
        if not registry.closed:  # some of the queries may still be to come
            return Key(self.name, **params)
        known = self.parameters
        for name in params:
            if name not in known:
                raise DeclarationError(
                    f"the context {self.name!r} has no parameter {name!r}; it has:"
                    f" {', '.join(sorted(known)) or 'none'}"
                )
        return Key.declared(self.name, params)

    def load(self, request: HttpRequest, /, **params: Any) -> Bundle:
        """The context's data for validated parameters; each query runs when it is first read.

        Raises:
            Unauthenticated, Forbidden: as ``auth=`` decides.
        """
        authorise(self.auth, request, params)
        return Bundle(self, request, params)

    def validate(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Parameters from outside, checked and coerced; raises ``Invalid``."""
        return validate(self.parameters, given)

    def __repr__(self) -> str:
        return f"<Context {self.name}({', '.join(self.parameters)})>"


class QueryFailed(MizanError):
    """A query raised; ``__cause__`` is what. Templates swallow many exceptions, not this one."""


class Bundle(Mapping[str, Any]):
    """The results of a context's queries, shaped, each run once, when it is first read."""

    def __init__(self, context: Context, request: HttpRequest, params: Mapping[str, Any]) -> None:
        self.context, self.request, self.params = context, request, params
        self.failure: Exception | None = None
        self.results: dict[str, Any] = {}

    @property
    def key(self) -> Key:
        """The key of what it holds."""
        return self.context.key_of(self.params)

    def __getitem__(self, name: str) -> Any:
        if name not in self.results:
            signature = self.context.queries[name]
            try:
                self.results[name] = self._run(signature)
            except Exception as error:
                # ObjectDoesNotExist is silent in a template, and {% if %} swallows everything:
                # whoever renders looks here afterwards.
                self.failure = self.failure or error
                raise QueryFailed(f"{signature.where} raised {error!r}") from error
        return self.results[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.context.queries)

    def __len__(self) -> int:
        return len(self.context.queries)

    def give(self, name: str, value: Any) -> None:
        """Hand over a query's result, shaped as the query's own would be."""
        signature = self.context.queries[name]
        with reading(f"the query {signature.where}"):  # its SQL is watched when it runs itself
            self.results[name] = signature.shape(value)

    def data(self) -> dict[str, Any]:
        """All results as JSON's types."""
        with suppress(QueryFailed):
            return {name: self.context.queries[name].dump(self[name]) for name in self}
        raise self.failure or AssertionError("a query failed without a reason")

    def _run(self, signature: Signature) -> Any:
        arguments = {name: self.params[name] for name in signature.names}
        function = _waited_for(signature) if signature.is_async else signature.function
        with reading(f"the query {signature.where}"), read_only(signature.where):
            return signature.shape(function(self.request, **arguments))


def _waited_for(signature: Signature) -> Callable[..., Any]:
    """An async query as a function that runs it to its end."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:  # there is none
        return async_to_sync(signature.function)
    raise MizanError(
        f"{signature.where} is async, and an event loop cannot wait for it while it renders;"
        " render in a thread: `await sync_to_async(render)(request, …)`"
    )


class read_only:  # noqa: N801 - used as `with read_only(what):`
    """Inside, SQL that writes raises where DEBUG is on and is logged where it is off."""

    __slots__ = ("_connections", "what")

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        self._connections = connections.all()
        for connection in self._connections:
            connection.execute_wrappers.append(self)

    def __exit__(self, *error: object) -> None:
        for connection in self._connections:
            connection.execute_wrappers.remove(self)

    def __call__(self, run: Callable[..., Any], sql: object, *rest: Any) -> Any:
        # What a driver composes, as psycopg's sql module does, is no text before it is run.
        if isinstance(sql, str) and _WRITES.match(sql):
            message = f"{self.what} writes to the database, but a query only reads: {sql:.200}"
            if settings.DEBUG:
                raise MizanError(f"{message}; write in a mutation")
            logger.error("%s", message.encode("unicode_escape").decode())
        return run(sql, *rest)
