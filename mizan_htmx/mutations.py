"""A mutation is a write that declares what it affects.

It runs in a transaction: what it affects is recorded when it returns, and nothing is
when it raises or answers 400 and above, for then it is rolled back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import update_wrapper
from typing import Any, overload

from asgiref.sync import markcoroutinefunction, sync_to_async
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from mizan_htmx.affected import Affects, Params, Target
from mizan_htmx.auth import DEFAULT, authorise, check_takes
from mizan_htmx.auth import check as check_rule
from mizan_htmx.exceptions import DeclarationError
from mizan_htmx.keys import NAME
from mizan_htmx.registry import registry
from mizan_htmx.signatures import Signature


class Mutation:
    """A write that can be called by name; made by ``@mutation``.

    Calling it from Python, or as a view in ``urlpatterns``, takes the same road as a request by
    name: the rule of ``auth=``, a transaction, the function, the keys.

    Attributes:
        name: the name clients call it by.
        signature: its parameters and its result.
        affects: what it makes stale.
        function: the function alone, without rule, transaction and keys.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        name: str,
        affects: Affects,
        auth: Any,
        using: str | None,
    ) -> None:
        update_wrapper(self, function)
        self.function = function
        self.name = name
        self.module = function.__module__
        self.signature = Signature(function)
        self.affects = affects
        self.auth = auth
        self.using = using
        if not NAME.fullmatch(name):
            raise DeclarationError(
                f"{name!r} is no mutation name: use lower-case letters, digits, _ and ."
            )
        check_rule(auth, f"the mutation {name!r}")
        if self.signature.is_async:
            markcoroutinefunction(self)
        registry.add("mutation", registry.mutations, name, self)

    def check(self) -> None:
        """Read every annotation and resolve what it affects, so that a fault speaks at start-up."""
        self.signature.check()
        self.affects.check()
        check_takes(self.auth, self.signature.names, f"the mutation {self.name!r}")
        if isinstance(self.affects.params, Mapping):
            for name in self.affects.params.values():
                if name not in self.signature.names:
                    raise DeclarationError(
                        f"affects_params of {self.signature.where} names the argument {name!r},"
                        f" which it does not take; it takes: {', '.join(self.signature.names)}"
                    )

    def __call__(self, request: HttpRequest, /, *args: Any, **kwargs: Any) -> Any:
        """Run it; returns what the function returns (a coroutine where it is async).

        Raises:
            Unauthenticated, Forbidden: as ``auth=`` decides.
        """
        arguments = self.signature.bind(args, kwargs)
        if self.signature.is_async:
            return self._arun(request, arguments, _same)
        return self._run(request, arguments, _same)

    def perform(self, request: HttpRequest, arguments: dict[str, Any]) -> Any:
        """Run it for a client; a response comes back as it is, anything else as JSON's types."""
        return self._run(request, arguments, self._finish)

    async def aperform(self, request: HttpRequest, arguments: dict[str, Any]) -> Any:
        """``perform`` for an async mutation."""
        return await self._arun(request, arguments, self._finish)

    def _finish(self, result: Any) -> Any:
        if isinstance(result, HttpResponseBase):
            return result
        return self.signature.dump(self.signature.shape(result))

    def _run(
        self, request: HttpRequest, arguments: dict[str, Any], finish: Callable[[Any], Any]
    ) -> Any:
        authorise(self.auth, request, arguments)
        with transaction.atomic(using=self.using):
            result = self.function(request, **arguments)
            finished = finish(result)
            if isinstance(result, HttpResponseBase) and result.status_code >= 400:
                transaction.set_rollback(True, using=self.using)
            else:
                self.affects.record(arguments, result)
        return finished

    async def _arun(
        self, request: HttpRequest, arguments: dict[str, Any], finish: Callable[[Any], Any]
    ) -> Any:
        # Django has no transaction here: what was written before an exception is written, so
        # whatever happens, the keys are recorded.
        await sync_to_async(authorise)(self.auth, request, arguments)
        try:
            result = await self.function(request, **arguments)
        except BaseException:
            self.affects.record(arguments, None, returned=False)
            raise
        return await sync_to_async(self._conclude)(arguments, result, finish)

    def _conclude(
        self, arguments: dict[str, Any], result: Any, finish: Callable[[Any], Any]
    ) -> Any:
        # In a thread: to shape an ORM object, or to scope by it, may ask the database.
        self.affects.record(arguments, result)
        return finish(result)

    def __repr__(self) -> str:
        return f"<Mutation {self.name}({', '.join(self.signature.names)})>"


def _same(result: Any) -> Any:
    return result


@overload
def mutation(function: Callable[..., Any], /) -> Mutation: ...
@overload
def mutation(
    *,
    affects: Target | Iterable[Target] = ...,
    affects_params: Params = ...,
    auth: Any = ...,
    name: str | None = ...,
    using: str | None = ...,
) -> Callable[[Callable[..., Any]], Mutation]: ...
def mutation(
    function: Callable[..., Any] | None = None,
    /,
    *,
    affects: Target | Iterable[Target] = (),
    affects_params: Params = None,
    auth: Any = DEFAULT,
    name: str | None = None,
    using: str | None = None,
) -> Any:
    """Declare a write: a function of ``(request, **arguments)``, sync or async.

    Args:
        affects: what it makes stale: a ``Context``, a ``Key``, a context's name, or several.
        affects_params: where the affected parameters come from: a mapping {context parameter:
            argument name}, or a callable of the function's return value giving {context
            parameter: value}. Unless given, arguments that share a parameter's name scope it.
        auth: who may call it, see ``mizan_htmx.auth``; ``MIZAN["AUTH"]`` unless said.
        name: the name clients call it by; the function's own unless said.
        using: the alias of the database it writes to; the default one unless said.

    Raises:
        DeclarationError: for a signature that cannot be called from outside, or a name taken.
    """

    def declare(function: Callable[..., Any]) -> Mutation:
        where = f"the mutation {function.__module__}.{function.__qualname__}"
        stale = Affects(affects, affects_params, using, where)
        return Mutation(function, name or function.__name__, stale, auth, using)

    return declare if function is None else declare(function)
