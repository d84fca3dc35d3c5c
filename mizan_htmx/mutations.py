"""A mutation is a write that declares what it affects; ``affects`` says it of a view that exists.

``@mutation`` runs in a transaction: what it affects is recorded when it returns, and nothing is
when it raises or answers 400 and above, for then it is rolled back.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import update_wrapper, wraps
from typing import Any, TypeAlias, TypeVar, overload

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator

from mizan_htmx.auth import DEFAULT, authorise
from mizan_htmx.auth import check as check_rule
from mizan_htmx.contexts import Context
from mizan_htmx.exceptions import DeclarationError
from mizan_htmx.keys import NAME, Key
from mizan_htmx.recording import record
from mizan_htmx.registry import registry
from mizan_htmx.signatures import Signature

Target: TypeAlias = "Context | Key | str"
Params: TypeAlias = "Mapping[str, str] | Callable[[Any], Mapping[str, Any]] | None"
View = TypeVar("View", bound=Callable[..., Any])

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Affects:
    """What a write makes stale, as it was declared.

    Args:
        targets: contexts, keys and names of contexts.
        params: a mapping {context parameter: argument name}, a callable of the result that gives
            {context parameter: value}, or None: then names that both have are shared.
        using: the alias of the database the write goes to.
    """

    def __init__(
        self, targets: Target | Iterable[Target], params: Params, using: str | None, where: str
    ) -> None:
        given = [targets] if isinstance(targets, Context | Key | str) else list(targets)
        for target in given:
            if not isinstance(target, Context | Key | str):
                raise DeclarationError(
                    f"{where} affects {target!r}; name contexts, keys or names of contexts"
                )
        self.targets, self.params, self.using, self.where = given, params, using, where
        if registry.closed:
            self.check()

    @property
    def contexts(self) -> list[Context]:
        """The affected contexts, names resolved.

        Raises:
            UnknownName: for a name nothing was declared under.
        """
        return [self._resolve(target) for target in self.targets if target != Key.ANY]

    def check(self) -> None:
        """Resolve the names, and refuse parameters that no affected context has."""
        known = {name for context in self.contexts for name in context.parameters}
        for target in self.targets:
            if isinstance(target, Key) and target != Key.ANY:
                self._resolve(target).key(**target.params)
        if isinstance(self.params, Mapping) and (unknown := self.params.keys() - known):
            raise DeclarationError(
                f"{self.where}: no affected context has a parameter {min(unknown)!r};"
                f" there are: {', '.join(sorted(known)) or 'none'}"
            )

    def record(self, arguments: Mapping[str, Any], result: Any, *, returned: bool = True) -> None:
        """Record the keys of one call.

        Args:
            arguments: the call's arguments by name.
            result: what the function returned, before it is shaped.
            returned: False where it raised, so that there is no result to look at.
        """
        values = self._values(arguments, result, returned)
        for target in self.targets:
            if isinstance(target, Key):
                record(target, using=self.using)
            else:
                context = self._resolve(target)
                params = {n: values[n] for n in context.parameters if n in values}
                record(context.key(**params), using=self.using)

    def _values(self, arguments: Mapping[str, Any], result: Any, returned: bool) -> Mapping[str, Any]:
        if self.params is None:
            return arguments
        if not callable(self.params):
            names = self.params.items()
            return {param: arguments[name] for param, name in names if name in arguments}
        values = self.params(result) if returned else {}
        if not isinstance(values, Mapping):
            raise TypeError(
                f"affects_params of {self.where} returned {values!r:.100}; return"
                " {context parameter: value}"
            )
        return values

    def _resolve(self, target: Target) -> Context:
        if isinstance(target, Context):
            return target
        return registry.context(target.name if isinstance(target, Key) else target)


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
        self, function: Callable[..., Any], name: str, affects: Affects, auth: Any, using: str | None
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


def affects(
    *targets: Target, using: str | None = None, **params: str
) -> Callable[[View], View]:
    """Declare what a view that exists already makes stale; nothing else of it changes.

    Works on functions, async functions and class-based views. Keys are recorded for an unsafe
    request that was answered below 400, and for one that raised unless its transaction was
    rolled back.

    Args:
        targets: contexts, keys and names of contexts.
        using: the alias of the database the view writes to; the default one unless said.
        params: {context parameter: name of the view's argument}; names that both have unless given.

    Example:
        ``@affects(board, board_id="pk")``
    """

    def decorate(view: View) -> View:
        where = f"@affects on {view.__module__}.{view.__qualname__}"
        stale = Affects(targets, params or None, using, where)
        if not registry.closed:
            registry.unchecked.append(stale)
        if inspect.isclass(view):
            return method_decorator(_recorder(stale), name="dispatch")(view)
        return _recorder(stale)(view)

    return decorate


def _recorder(stale: Affects) -> Callable[[View], View]:
    def decorate(view: Any) -> Any:
        def after(request: HttpRequest, args: Any, kwargs: Any, response: Any = None) -> None:
            if request.method in SAFE_METHODS or getattr(response, "status_code", 0) >= 400:
                return
            stale.record(_arguments(view, request, args, kwargs), None)

        if iscoroutinefunction(view):

            @wraps(view)
            async def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
                try:
                    response = await view(request, *args, **kwargs)
                except BaseException:
                    after(request, args, kwargs)
                    raise
                after(request, args, kwargs, response)
                return response
        else:

            @wraps(view)
            def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
                try:
                    response = view(request, *args, **kwargs)
                except BaseException:
                    after(request, args, kwargs)
                    raise
                after(request, args, kwargs, response)
                return response

        return inner

    return decorate


def _arguments(view: Any, request: HttpRequest, args: Any, kwargs: Any) -> Mapping[str, Any]:
    """A view's arguments by name; those of a URL's unnamed groups by the view's signature."""
    if not args:
        return dict(kwargs)
    try:
        return inspect.signature(view).bind_partial(request, *args, **kwargs).arguments
    except (TypeError, ValueError):
        return dict(kwargs)
