"""Single flight: a write's own answer brings what it made stale, fresh, so that nobody asks again.

A request names what its page shows. What of that went stale is asked for here, once the write is
done, as the page itself would ask for it: by a ``GET fresh/`` through all that stands inside of
our middleware. So nothing that was read before the write (the user, their rights, a tenant) has a
say in it, and nobody gets what they could not have fetched.
"""

from __future__ import annotations

import time
from io import BytesIO
from urllib.parse import unquote_to_bytes

from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils import translation
from django_htmx.http import reswap

from mizan_htmx import conf, data, http
from mizan_htmx.fresh import BOUNDS, Answer, Bounds
from mizan_htmx.invalidation import Invalidation

MOUNTED = "HTTP_X_MIZAN_MOUNTED"
ELEMENT = "data-mizan-fresh"
MAX_SECONDS = 0.5
MAX_CHARACTERS = 262_144

# What a write says that a read does not, what the CSRF middleware notes beside the headers, and
# what would have the answer compressed, which ends inside of another one.
_LEFT_OUT = (
    "CONTENT_",
    "CSRF_COOKIE",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_COOKIE",
    "HTTP_HX_",
    "HTTP_IF_",
    "HTTP_X_MIZAN_",
)

clock = time.monotonic


def board(request: HttpRequest) -> bool:
    """Whether this request may bring fresh data back; its answer is then not compressed inside."""
    if MOUNTED not in request.META:
        return False
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # compressed, nothing could be added to it
    return True


def plan(
    request: HttpRequest, response: HttpResponseBase, keys: Invalidation
) -> HttpRequest | None:
    """The request for what the keys made stale, of what the page shows.

    Returns:
        What to have answered and to ``land``; None where there is nothing to ask for, or no room
        in the response for the answer.
    """
    if not keys or not _has_room(response):
        return None
    asking = _refetch(request, response)
    if asking is not None:
        setattr(asking, BOUNDS, _bounds(keys))
    return asking


def land(response: HttpResponseBase, found: HttpResponseBase) -> None:
    """Put what was found into the response; what is no answer of ours is left to be refetched."""
    if found.status_code != 200 or not isinstance(found, http.JsonResponse):
        return
    response.cookies.update(found.cookies)
    if isinstance(response, http.CallResponse):
        response.say("fresh", found.said)
    elif isinstance(response, HttpResponse):
        _append(response, data.element(ELEMENT, found.content.decode()))


def _bounds(keys: Invalidation) -> Bounds:
    until = clock() + MAX_SECONDS
    size = 0

    def enough(found: Answer) -> bool:
        nonlocal size
        size += len(repr(found))  # its JSON is about as long
        return size > MAX_CHARACTERS or clock() > until

    return Bounds(keys.covers, enough)


def _refetch(request: HttpRequest, response: HttpResponseBase) -> HttpRequest | None:
    """The request that the page would send next, with the cookies that it is just being given."""
    language = getattr(request, "LANGUAGE_CODE", translation.get_language())
    try:
        with translation.override(language):
            url = reverse("mizan_htmx:fresh", urlconf=getattr(request, "urlconf", None))
    except NoReverseMatch:
        return None
    path = unquote_to_bytes(url)
    query = request.META[MOUNTED]
    given = [f"{name}={cookie.coded_value}" for name, cookie in response.cookies.items()]
    cookies = "; ".join([*filter(None, [request.META.get("HTTP_COOKIE")]), *given])  # the last wins
    if isinstance(request, WSGIRequest):
        environ = {n: v for n, v in request.environ.items() if not n.startswith(_LEFT_OUT)}
        environ.update(REQUEST_METHOD="GET", QUERY_STRING=query, HTTP_COOKIE=cookies)
        environ["PATH_INFO"] = path[len(get_script_prefix()) - 1 :].decode("latin-1")
        environ["wsgi.input"] = BytesIO()
        return WSGIRequest(environ)
    if isinstance(request, ASGIRequest):
        scope = {**request.scope, "method": "GET", "path": path.decode()}
        headers = [h for h in request.scope["headers"] if not _meta(h[0]).startswith(_LEFT_OUT)]
        headers.append((b"cookie", cookies.encode("latin-1")))
        scope.update(query_string=query.encode(), headers=headers)
        return ASGIRequest(scope, BytesIO())
    return None


def _meta(header: bytes) -> str:
    """A header's name as ``request.META`` has it."""
    name = header.decode("latin-1").upper().replace("-", "_")
    return name if name.startswith("CONTENT_") else f"HTTP_{name}"


def _has_room(response: HttpResponseBase) -> bool:
    """Whether something can be added to the response."""
    if isinstance(response, http.CallResponse):
        return True
    if not conf.get("SINGLE_FLIGHT") or not isinstance(response, HttpResponse):
        return False  # a streamed one has no end to put it at
    if response.has_header("Content-Encoding"):
        return False
    html = response.get("Content-Type", "").partition(";")[0].strip() == "text/html"
    status = response.status_code
    return status == 204 or (html and 200 <= status < 300 and status != 205)


def _append(response: HttpResponse, element: str) -> None:
    if response.status_code == 204:
        response.status_code = 200
        response.charset = "utf-8"
        response["Content-Type"] = "text/html; charset=utf-8"
        reswap(response, "none")
    response.content += element.encode(response.charset)
    response["Content-Length"] = str(len(response.content))
