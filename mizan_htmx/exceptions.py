"""What can go wrong, each with its evidence and the way out.

One base, ``MizanError``. Below it two families: ``DeclarationError`` speaks to the developer, at
start-up or at the call, and ``RequestError`` speaks to a client: it has a stable ``code`` and a
``status`` and becomes the JSON error of docs/protocol.md.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import BadRequest as DjangoBadRequest
from django.core.exceptions import PermissionDenied
from django.http import Http404


class MizanError(Exception):
    """Base of every error this package raises on purpose."""


class DeclarationError(MizanError):
    """A context, mutation or tag says something that cannot be meant."""


class UnknownName(DeclarationError):
    """A name that nothing was declared under.

    Args:
        kind: what was looked for, ``"context"`` or ``"mutation"``.
        name: what was given.
        known: the names that exist.
    """

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, sorted(known)
        near = difflib.get_close_matches(str(name), self.known, n=1)
        if near:
            hint = f"did you mean {near[0]!r}?"
        elif self.known:
            hint = f"there are: {', '.join(self.known)}"
        else:
            hint = f"no {kind} is declared; declare them in <app>/mizan.py"
        super().__init__(f"unknown {kind} {str(name)[:200]!r}; {hint}")


class RecordingError(MizanError):
    """A key was recorded where only reading is allowed: in a query or a fragment's render."""


class RequestError(MizanError):
    """An error a client is told of.

    Where one leaves a page's own view, as of a fragment whose parameter came with the page's URL,
    Django knows most of them too: they are its BadRequest, PermissionDenied or Http404.

    Args:
        message: for a person, safe to show.
        details: for a program; with ``invalid`` a list of ``{"loc": [...], "message": str}``.
    """

    code = "bad_request"
    status = 400

    def __init__(self, message: str = "", details: list[Any] | None = None) -> None:
        self.message = message or self.__class__.__doc__ or self.code
        self.details = details or []
        super().__init__(self.message)


class BadRequest(RequestError, DjangoBadRequest):
    """The request cannot be read."""


class Unauthenticated(RequestError, PermissionDenied):
    """Log in first."""

    code, status = "unauthenticated", 401


class Forbidden(RequestError, PermissionDenied):
    """This is not allowed."""

    code, status = "forbidden", 403


class CsrfFailed(RequestError, PermissionDenied):
    """The CSRF token is missing or wrong; nothing was run."""

    code, status = "csrf", 403


class NotFound(RequestError, Http404):
    """There is nothing here."""

    code, status = "not_found", 404


class MethodNotAllowed(RequestError):
    """This method is not allowed here."""

    code, status = "method_not_allowed", 405

    def __init__(self, allowed: Iterable[str]) -> None:
        self.allowed = list(allowed)
        super().__init__(f"allowed: {', '.join(self.allowed)}")


class Changed(RequestError):
    """The page was made by templates that have changed since; reload it."""

    code, status = "changed", 409


class UserChanged(RequestError):
    """The page was made for another user; reload it. Nothing was run."""

    code, status = "user_changed", 409


class TooLarge(RequestError):
    """The request's body is too large."""

    code, status = "too_large", 413


class UnsupportedMediaType(RequestError):
    """The request's body is of a type that is not taken here."""

    code, status = "unsupported_media_type", 415


class Invalid(RequestError, DjangoBadRequest):
    """Some arguments are not valid."""

    code, status = "invalid", 422


class Internal(RequestError):
    """Something went wrong on the server."""

    code, status = "internal", 500
