"""``MizanMiddleware`` opens a recording, closes it when the response is there, and writes.

It stands first of all: outside ATOMIC_REQUESTS, so that closing comes after the commit, and
outside GZip, caches and sessions, so that no stored response ever holds the header.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from mizan_htmx import flight, http
from mizan_htmx.affected import SAFE_METHODS
from mizan_htmx.invalidation import Invalidation
from mizan_htmx.recording import logger, recording

NO_EPOCH = f"the session cannot be read, so the answer has no {http.EPOCH}"
NO_FLIGHT = "what went stale cannot be brought along, so the answer has no fresh data"

GetResponse = (
    Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]]
)


class MizanMiddleware:
    """Carries what a request made stale to whoever asked.

    Args:
        get_response: the rest of the chain, sync or async.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response: Callable[[HttpRequest], Any] = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self.__acall__(request)
        parked, boards = http.unpark(request), flight.board(request)
        with recording() as recorded:
            response: HttpResponseBase = self.get_response(request)
        told = finish(request, response, recorded, parked)
        if boards:
            with harmless(NO_FLIGHT):
                if asking := flight.plan(request, response, told):
                    flight.land(response, self.get_response(asking))
        if http.asks_for_epoch(request):
            with harmless(NO_EPOCH):
                session = session_of(request)
                write_epoch(response, None if session is None else session.get(SESSION_KEY))
        return response

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        parked, boards = http.unpark(request), flight.board(request)
        async with recording() as recorded:
            response: HttpResponseBase = await self.get_response(request)
        told = finish(request, response, recorded, parked)
        if boards:
            with harmless(NO_FLIGHT):
                if asking := flight.plan(request, response, told):
                    flight.land(response, await self.get_response(asking))
        if http.asks_for_epoch(request):
            with harmless(NO_EPOCH):
                session = session_of(request)
                write_epoch(response, None if session is None else await session.aget(SESSION_KEY))
        return response


def finish(
    request: HttpRequest,
    response: HttpResponseBase,
    recorded: recording,
    parked: http.Parked | None,
) -> Invalidation:
    """Write what the recording and the parked cookies say into the response; the keys it tells."""
    unsafe = request.method not in SAFE_METHODS
    keys: Invalidation = recorded if unsafe else Invalidation()
    if parked is not None and response.status_code != 304:
        for key in http.spend(request, response, parked):
            keys.add(key)
    redirects = 300 <= response.status_code < 400 and response.has_header("Location")
    if redirects:
        http.park(request, response, keys)
    tells = (unsafe or not redirects) and response.status_code != 304
    if tells:
        http.write(response, keys)
    if unsafe and isinstance(response, StreamingHttpResponse):
        watch(response, recorded)
    return keys if tells else Invalidation()


def watch(response: StreamingHttpResponse, recorded: recording) -> None:
    """Have a streamed body speak up when it records what no header can carry any more."""
    if isinstance(response, FileResponse):
        return
    chunks: Any = response.streaming_content
    response.streaming_content = (
        recorded.astream(chunks) if response.is_async else recorded.stream(chunks)
    )


def session_of(request: HttpRequest) -> Any:
    """The session, None where the project has none.

    What answers before SessionMiddleware does (an error page, a limit, a cache) has none yet: it
    is opened here as it would be there.
    """
    if hasattr(request, "session"):
        return request.session
    if not any(path.endswith("SessionMiddleware") for path in settings.MIDDLEWARE):
        return None
    engine = import_module(settings.SESSION_ENGINE)
    return engine.SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))


@contextmanager
def harmless(lost: str) -> Iterator[None]:
    """What fails in here costs an answer what it can do without, not what it says is stale.

    Args:
        lost: what that is, for the log.
    """
    try:
        yield
    except Exception:
        logger.exception(lost)


def write_epoch(response: HttpResponseBase, user_id: object) -> None:
    """Say whose session answered. The answer then varies by it."""
    response[http.EPOCH] = http.epoch(user_id)
    if response.get("Vary") != "Cookie":  # as SessionMiddleware leaves it
        patch_vary_headers(response, ("Cookie",))
