"""What a write makes stale: as it was declared, and as keys of one call.

``affects`` says it of a view that exists already.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import partial, wraps
from typing import Any, TypeAlias, TypeVar, cast

from asgiref.sync import iscoroutinefunction
from django.db import connections
from django.http import HttpRequest
from django.utils.decorators import method_decorator

from mizan_htmx.contexts import Context
from mizan_htmx.exceptions import DeclarationError
from mizan_htmx.keys import Key
from mizan_htmx.recording import record
from mizan_htmx.registry import registry

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
        given = _listed(targets)
        _check_targets(given, where)
        if not isinstance(params, Mapping | None) and not callable(params):
            raise DeclarationError(
                f"{where}: affects_params is {params!r:.100}; write {{context parameter: argument"
                " name} or a callable of the result that gives {context parameter: value}"
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
        if self.using is not None and self.using not in connections:
            raise DeclarationError(
                f"{self.where}: using={self.using!r} is no database; there are:"
                f" {', '.join(connections)}"
            )
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
                # What a callable names is meant to travel; what only shares a name may widen.
                key = context.key(**params) if callable(self.params) else context.key_of(params)
                record(key, using=self.using)

    def _values(
        self, arguments: Mapping[str, Any], result: Any, returned: bool
    ) -> Mapping[str, Any]:
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


def _listed(targets: Any) -> list[Any]:
    if isinstance(targets, str) or not isinstance(targets, Iterable):
        return [targets]
    return list(targets)


def _check_targets(targets: Iterable[Any], where: str) -> None:
    for target in targets:
        if not isinstance(target, Context | Key | str):
            raise DeclarationError(
                f"{where} affects {target!r}; name contexts, keys or names of contexts"
            )


def affects(*targets: Target, using: str | None = None, **params: str) -> Callable[[View], View]:
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

    _check_targets(targets, "@affects(…)")  # what stands there without parentheses is the view

    def decorate(view: View) -> View:
        where = f"@affects on {getattr(view, '__qualname__', view)!s:.200}"
        stale = Affects(targets, params or None, using, where)
        if not registry.closed:
            registry.unchecked.append(stale)
        if inspect.isclass(view):
            return cast("View", method_decorator(_recorder(stale), name="dispatch")(view))
        return _recorder(stale)(view)

    return decorate


def _recorder(stale: Affects) -> Callable[[View], View]:
    def decorate(view: Any) -> Any:
        def after(request: HttpRequest, args: Any, kwargs: Any, response: Any = None) -> None:
            if request.method in SAFE_METHODS or getattr(response, "status_code", 0) >= 400:
                return
            stale.record(_arguments(view, request, args, kwargs), None)

        async def awaited(coming: Any, request: HttpRequest, args: Any, kwargs: Any) -> Any:
            try:
                response = await coming
            except BaseException:
                after(request, args, kwargs)
                raise
            after(request, args, kwargs, response)
            return response

        @wraps(view)
        async def ainner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            _check_request(request, stale.where)
            return await awaited(view(request, *args, **kwargs), request, args, kwargs)

        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            _check_request(request, stale.where)
            try:
                response = view(request, *args, **kwargs)
            except BaseException:
                after(request, args, kwargs)
                raise
            if inspect.isawaitable(response):  # the dispatch of an async class-based view
                return awaited(response, request, args, kwargs)
            after(request, args, kwargs, response)
            return response

        return ainner if iscoroutinefunction(view) else inner

    return decorate


def _check_request(request: object, where: str) -> None:
    if not hasattr(request, "method"):
        raise DeclarationError(
            f"{where} was given a {type(request).__name__} for the request, as a method is;"
            " decorate the class, or write @method_decorator(affects(…))"
        )


def _arguments(view: Any, request: HttpRequest, args: Any, kwargs: Any) -> Mapping[str, Any]:
    """A view's arguments by name; those of a URL's unnamed groups by the view's signature."""
    if isinstance(view, partial) and hasattr(view, "__wrapped__"):
        view = view.func  # method_decorator's, whose signature is said to have self
    try:
        named = inspect.signature(view).bind_partial(request, *args).arguments
    except (TypeError, ValueError):
        named = {}
    return {**named, **kwargs}
