"""Who may: one rule per context and mutation, decided at each use, in every transport.

A rule is ``None`` (as open as a Django view), ``"authenticated"``, ``"staff"``, a permission
string such as ``"shop.view_order"``, or a callable of ``(request, **params)``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from asgiref.sync import async_to_sync
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from mizan_htmx import conf
from mizan_htmx.exceptions import (
    DeclarationError,
    Forbidden,
    RequestError,
    Unauthenticated,
)

Rule = str | Callable[..., Any] | None

DEFAULT: Any = object()
"""Says that a declaration has no rule of its own and takes ``MIZAN["AUTH"]``."""


def check(rule: Any, where: str) -> None:
    """Refuse what is no rule.

    Raises:
        DeclarationError: naming what is allowed.
    """
    words = isinstance(rule, str) and (rule in ("authenticated", "staff") or "." in rule)
    if rule is not DEFAULT and rule is not None and not words and not callable(rule):
        raise DeclarationError(
            f"{where}: auth={rule!r} is no rule; use None, 'authenticated', 'staff',"
            " a permission such as 'shop.view_order' or a callable of (request, **params)"
        )


def check_takes(rule: Any, names: Iterable[str], where: str) -> None:
    """Refuse a callable that cannot be asked with these parameters.

    Raises:
        DeclarationError: naming them, and the remedy.
    """
    chosen = effective(rule)
    if not callable(chosen):
        return
    given = dict.fromkeys(names)
    try:  # not of what it wraps: a decorator may take more
        signature = inspect.signature(chosen, follow_wrapped=False)
    except (TypeError, ValueError):
        return  # not every callable shows one
    try:
        signature.bind(None, **given)
    except TypeError as error:
        raise DeclarationError(
            f"{where}: its rule {chosen!r:.200} cannot be asked with (request,"
            f" {', '.join(given)}): {error}; let it take **params"
        ) from error


def effective(rule: Any) -> Rule:
    """The rule that counts: the declaration's own or the project's default."""
    chosen: Rule = conf.get("AUTH") if rule is DEFAULT else rule
    return chosen


def authorise(rule: Any, request: HttpRequest, params: Mapping[str, Any] | None = None) -> None:
    """Let the request pass, or say why not.

    A rule in words needs no parameters, so it can be asked before they are validated: a stranger
    learns nothing of them. A callable is asked only where ``params`` are given.

    Raises:
        Unauthenticated: the rule may pass once somebody is logged in.
        Forbidden: it will not.
    """
    chosen = effective(rule)
    if chosen is None:
        return
    user = getattr(request, "user", None)
    if isinstance(chosen, str):
        allowed = _in_words(chosen, user)
    elif params is None:
        return
    else:
        allowed = _asked(chosen, request, params)
    if not allowed:
        known = user is not None and user.is_authenticated and user.is_active
        raise Forbidden() if known else Unauthenticated()


def _asked(rule: Callable[..., Any], request: HttpRequest, params: Mapping[str, Any]) -> Any:
    try:
        allowed = rule(request, **params)
        return async_to_sync(_awaited)(allowed) if inspect.isawaitable(allowed) else allowed
    except RequestError:
        raise  # it says itself whether a login would help
    except PermissionDenied as error:
        raise Forbidden(str(error)) from error


async def _awaited(answer: Any) -> Any:
    return await answer


def _in_words(rule: str, user: Any) -> bool:
    if user is None or not user.is_authenticated or not user.is_active:
        return False
    if rule == "authenticated":
        return True
    return bool(user.is_staff if rule == "staff" else user.has_perm(rule))
