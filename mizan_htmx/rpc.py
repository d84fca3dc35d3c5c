"""A call's body in, a mutation's answer out. Nothing of a body picks anything but a name.

Errors are data: ``{"error": {"code": …, "message": …, "details": […]}}``.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

from asgiref.sync import async_to_sync
from django.conf import settings
from django.core import exceptions as raised
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.datastructures import MultiValueDict
from pydantic_core import to_jsonable_python

from mizan_htmx import conf
from mizan_htmx.auth import authorise
from mizan_htmx.exceptions import (
    BadRequest,
    CsrfFailed,
    Forbidden,
    Internal,
    Invalid,
    NotFound,
    RequestError,
    TooLarge,
    UnsupportedMediaType,
)
from mizan_htmx.mutations import Mutation
from mizan_htmx.parameters import validate

URLENCODED = "application/x-www-form-urlencoded"

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def perform(request: HttpRequest, mutation: Mutation, given: Any, *, form: bool = False) -> Any:
    """Run a mutation with arguments from outside.

    Args:
        given: JSON's types by name, or a ``MultiValueDict`` of a form.
        form: whether unknown names are ignored.

    Returns:
        The response of a mutation on the view path, else its result as JSON's types.
    """
    authorise(mutation.auth, request)
    arguments = validate(mutation.signature.parameters, given, form=form)
    if mutation.signature.is_async:
        return async_to_sync(mutation.aperform)(request, arguments)
    return mutation.perform(request, arguments)


def decode(body: bytes) -> Any:
    """JSON, and nothing that only some readers take for JSON.

    Raises:
        BadRequest: for other encodings than UTF-8, duplicate names, NaN and infinities, numbers
            too long to read and more depth than ``MIZAN["MAX_DEPTH"]``.
    """
    try:
        value = _decoder.decode(body.decode())
        if _SURROGATE.search(body):
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise BadRequest("the body nests too deeply") from None
    except ValueError as error:
        raise BadRequest(f"the body is no JSON: {str(error)[:200]}") from None
    _check_depth(value, conf.get("MAX_DEPTH"))
    return value


def read_body(request: HttpRequest) -> bytes:
    """The body, up to ``MIZAN["MAX_BODY"]`` bytes.

    Raises:
        TooLarge: there is more.
    """
    limit: int = conf.get("MAX_BODY")
    if _length(request) > limit:
        raise TooLarge(f"a call's body has at most {limit} bytes")
    try:
        body = request.read(limit + 1)
    except OSError as error:
        raise BadRequest("the body broke off") from error
    if len(body) > limit:
        raise TooLarge(f"a call's body has at most {limit} bytes")
    check_whole(request, len(body))
    return body


def check_whole(request: HttpRequest, received: int) -> None:
    """Refuse a body of which not all arrived: half of a text is another text.

    Args:
        received: how many bytes did.

    Raises:
        BadRequest: there are fewer than its Content-Length says, or none of a body without one,
            which Django does not read everywhere.
    """
    if received < _length(request):
        raise BadRequest("the body broke off")
    if not received and "HTTP_TRANSFER_ENCODING" in request.META:
        raise BadRequest("send a body with its Content-Length")


def _received(request: HttpRequest) -> int:
    """How many bytes of a form arrived."""
    if request.content_type == URLENCODED:
        return len(request.body)
    # Django's stream under WSGI counts, and has no public word for it; ASGI has all or raises.
    return int(getattr(request._stream, "_pos", _length(request)))


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdecimal() else 0


def read_arguments(request: HttpRequest) -> dict[str, Any]:
    """The arguments of a call by URL: an object by name."""
    arguments = decode(read_body(request))
    if not isinstance(arguments, dict):
        raise BadRequest("the body is an object of arguments by name")
    return arguments


def read_call(request: HttpRequest) -> tuple[object, dict[str, Any]]:
    """The name and the arguments of ``{"fn": …, "args": {…}}``."""
    call = decode(read_body(request))
    if not isinstance(call, dict) or not call.keys() <= {"fn", "args"} or "fn" not in call:
        raise BadRequest('a call is {"fn": name, "args": {…}}')
    arguments = call.get("args", {})
    if not isinstance(arguments, dict):
        raise BadRequest('"args" is an object of arguments by name')
    return call["fn"], arguments


def read_form(request: HttpRequest) -> MultiValueDict[str, Any]:
    """A form's fields and files; arguments of the query string win over fields of their name."""
    if request.content_type == URLENCODED:
        if len(request.body) > conf.get("MAX_BODY"):
            raise TooLarge()
        check_utf8(request.body)
    elif any("\ufffd" in text for text in (*request.POST, *_texts(request.POST))):
        raise BadRequest("the form is not UTF-8")  # Django has replaced what it could not read
    check_whole(request, _received(request))
    check_utf8(request.META.get("QUERY_STRING", "").encode())
    fields: MultiValueDict[str, Any] = MultiValueDict()
    for source in (request.POST, request.FILES, request.GET):
        for name in source:
            fields.setlist(name, source.getlist(name))
    return fields


def _texts(fields: QueryDict) -> Iterator[str]:
    return (str(value) for _, values in fields.lists() for value in values)


def check_utf8(encoded: bytes) -> None:
    """Refuse what Django would replace by U+FFFD, one character for many different texts.

    Raises:
        BadRequest: the percent-encoded text is no UTF-8.
    """
    try:
        unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError:
        raise BadRequest("the parameters are not UTF-8") from None


def content_type(request: HttpRequest, *allowed: str) -> str:
    """The body's media type.

    Raises:
        UnsupportedMediaType: it is not among the allowed ones, or not UTF-8.
    """
    charset = (request.content_params or {}).get("charset", "utf-8")
    if request.content_type not in allowed or charset.lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(f"send {' or '.join(allowed)} in UTF-8")
    return str(request.content_type)


def as_request_error(error: Exception) -> RequestError:
    """What a client is told of an exception."""
    match error:
        case RequestError():
            return error
        case raised.ValidationError():
            return Invalid("; ".join(error.messages)[:500], _details(error))
        case raised.RequestDataTooBig():
            return TooLarge(str(error))
        case Http404() | raised.ObjectDoesNotExist():
            return NotFound(str(error) if settings.DEBUG else "")
        case raised.PermissionDenied():
            return Forbidden(str(error))
        case (
            raised.SuspiciousOperation()
            | raised.BadRequest()
            | MultiPartParserError()
            | UnreadablePostError()
        ):
            return BadRequest(str(error) if settings.DEBUG else "")
    return Internal(f"{type(error).__name__}: {error}" if settings.DEBUG else "")


def report(request: HttpRequest, error: Exception, told: RequestError) -> bool:
    """Log an exception that we answer, where and as Django does those that it sees.

    Args:
        told: what the client is told of it.

    Returns:
        Whether it was logged; of all others Django logs the answer's status.
    """
    extra = {"status_code": told.status, "request": request}
    if isinstance(error, CsrfFailed):
        logging.getLogger("django.security.csrf").warning(
            "Forbidden (%s): %s", _escaped(error.message), _escaped(request.path)[:200], extra=extra
        )
    elif isinstance(error, raised.SuspiciousOperation):
        logging.getLogger(f"django.security.{type(error).__name__}").error(
            "%s", _escaped(error), exc_info=error, extra=extra
        )
    elif isinstance(told, Internal) and told is not error:
        got_request_exception.send(sender=None, request=request)
        logging.getLogger("django.request").error(
            "Internal Server Error: %s", _escaped(request.path)[:200], exc_info=error, extra=extra
        )
    else:
        return False
    return True


def _escaped(text: object) -> str:
    """Text that begins no line of a log."""
    return str(text).encode("unicode_escape").decode()


def as_json(error: RequestError) -> dict[str, Any]:
    """The error as the wire says it; what is translated, in the active language."""
    details = to_jsonable_python(error.details, fallback=str)
    return {"error": {"code": error.code, "message": str(error.message), "details": details}}


def _details(error: raised.ValidationError) -> list[dict[str, Any]]:
    if hasattr(error, "error_dict"):
        return [
            {"loc": [] if name == "__all__" else [name], "message": message}
            for name, messages in error.message_dict.items()
            for message in messages
        ]
    return [{"loc": [], "message": message} for message in error.messages]


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return unique


def _constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return number


_decoder = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_constant, parse_float=_finite
)


def _check_depth(value: Any, limit: int) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > limit:
            raise BadRequest(f"the body nests deeper than {limit}")
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
