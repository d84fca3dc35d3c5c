"""Single flight: a write's own answer brings what it made stale, fresh, so that nobody asks again.

A request names what its page shows; what of that went stale is rendered after the commit, under
the rights of whoever asked, within bounds. What does not fit is refetched as ever.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django_htmx.http import reswap

from mizan_htmx import conf, data, fresh, http
from mizan_htmx.invalidation import Invalidation
from mizan_htmx.rpc import as_request_error

MOUNTED = "HTTP_X_MIZAN_MOUNTED"
ELEMENT = "data-mizan-fresh"
MAX_SECONDS = 0.5
MAX_CHARACTERS = 262_144

clock = time.monotonic


def board(request: HttpRequest) -> bool:
    """Whether this request may bring fresh data back; its answer is then not compressed inside."""
    if MOUNTED not in request.META:
        return False
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # compressed, nothing could be added to it
    return True


def carry(request: HttpRequest, response: HttpResponseBase, keys: Invalidation) -> None:
    """Put what the keys made stale, of what the request's page shows, into the response.

    Never raises: the write stands, and what is not carried is refetched.
    """
    put = _place(request, response)
    if put is None or not keys:
        return
    until = clock() + MAX_SECONDS
    size = 0

    def enough(found: fresh.Answer) -> bool:
        nonlocal size
        size += len(repr(found))  # its JSON is about as long
        return size > MAX_CHARACTERS or clock() > until

    # What LocaleMiddleware chose ends inside of this one.
    language = getattr(request, "LANGUAGE_CODE", translation.get_language())
    try:
        with translation.override(language):
            items = fresh.prompt(fresh.read(request.META[MOUNTED]))
            put(fresh.answer(request, items, keys.covers, enough))
    except Exception as error:
        as_request_error(request, error)  # logs what is our fault


def _place(
    request: HttpRequest, response: HttpResponseBase
) -> Callable[[fresh.Answers], None] | None:
    """Where in the response there is room for it."""
    if isinstance(response, http.CallResponse):
        return partial(response.say, "fresh")
    if not conf.get("SINGLE_FLIGHT") or not isinstance(response, HttpResponse):
        return None  # a streamed one has no end to put it at
    if response.has_header("Content-Encoding"):
        return None
    html = response.get("Content-Type", "").partition(";")[0].strip() == "text/html"
    if response.status_code == 204 or (200 <= response.status_code < 300 and html):
        return partial(_append, response)
    return None


def _append(response: HttpResponse, answers: fresh.Answers) -> None:
    if response.status_code == 204:
        response.status_code = 200
        response["Content-Type"] = "text/html; charset=utf-8"
        reswap(response, "none")
    response.content += data.element(ELEMENT, answers).encode()
    response["Content-Length"] = str(len(response.content))
