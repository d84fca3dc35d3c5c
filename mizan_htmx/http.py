"""The headers: the keys that went stale, and whose page it is.

Includes the carrying of keys across a redirect. ``fetch`` and XHR follow a redirect and show only
the last answer, so the text is parked in a signed cookie that the redirect's target spends.
"""

from __future__ import annotations

import functools
import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, unquote_to_bytes, urljoin, urlsplit

from django.conf import settings
from django.core import signing
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac
from django.utils.encoding import repercent_broken_unicode

from mizan_htmx.invalidation import Invalidation, widen
from mizan_htmx.keys import Key

INVALIDATE = "X-Mizan-Invalidate"
EPOCH = "X-Mizan-Epoch"

JSON = "application/json"

PARKED = "mizan_parked_"
PARKED_SECONDS = 60
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass
class Parked:
    """What a request brought along from the redirect that sent it here."""

    cookies: list[str] = field(default_factory=list)
    keys: Invalidation = field(default_factory=Invalidation)


_encoder = json.JSONEncoder(allow_nan=False, separators=(",", ":"))


def to_json(data: Any) -> bytes:
    """Bytes of JSON, the same for the same data."""
    return _encoder.encode(data).encode()


def etag(body: bytes) -> str:
    """A tag that changes when the body does; without the quotes that the header has."""
    return digest(body, 12)


def digest(content: bytes, size: int) -> str:
    """What names a content, in the alphabet of URLs.

    Args:
        size: how many bytes of it; a multiple of 3 leaves no padding.
    """
    return urlsafe_b64encode(hashlib.blake2b(content, digest_size=size).digest()).decode()


class JsonResponse(HttpResponse):
    """JSON that nobody takes for a page and no cache keeps."""

    def __init__(self, data: Any, status: int = 200) -> None:
        self.said = data
        super().__init__(to_json(data), content_type=JSON, status=status)
        self["X-Content-Type-Options"] = "nosniff"
        self["Cache-Control"] = "no-store"


class CallResponse(JsonResponse):
    """A call's result, and the keys it made stale."""

    def __init__(self, result: Any, keys: Iterable[Key] = ()) -> None:
        self.named = list(keys)
        super().__init__({"result": result, "invalidate": _to_json(self.named)})

    def name_keys(self, keys: Invalidation) -> None:
        """Say the keys in the body; again where others came until the response is closed."""
        named = list(keys)
        if named != self.named:
            self.named = named
            self.say("invalidate", _to_json(named))

    def say(self, name: str, value: Any) -> None:
        """Say one more thing in the body, unless that is compressed already."""
        if not self.has_header("Content-Encoding"):
            self.said[name] = value
            self.content = to_json(self.said)
            if self.has_header("Content-Length"):
                self["Content-Length"] = str(len(self.content))


def _to_json(keys: list[Key]) -> list[Any]:
    return [key.to_json() for key in widen(keys)]


def write(response: HttpResponseBase, keys: Invalidation) -> None:
    """Write the keys into the header, and into the body of a call; nothing where none are."""
    if isinstance(response, CallResponse):
        response.name_keys(keys)
    if keys:
        response[INVALIDATE] = keys.to_header()


def park(request: HttpRequest, response: HttpResponseBase, keys: Invalidation) -> None:
    """Park the keys for the redirect's target, where that is of this site.

    Each parking has a cookie of its own: two at once, as of two forms sent together, do not
    overwrite one another.
    """
    path = _path_on_this_site(request, response["Location"]) if keys else None
    if path is None:
        return
    response.set_cookie(
        PARKED + secrets.token_hex(4),
        signing.dumps(keys.to_header(), salt=_salt(path), compress=True),
        max_age=PARKED_SECONDS,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def unpark(request: HttpRequest) -> Parked | None:
    """Take what was parked for this path; the request then asks for a whole answer.

    A 304 would replay the header from the browser's cache for ever, so the request loses its
    conditions (RFC 9110 section 13.1).
    """
    if PARKED not in request.META.get("HTTP_COOKIE", ""):
        return None
    parked = Parked()
    for name, value in request.COOKIES.items():
        if not name.startswith(PARKED):
            continue
        try:
            text = signing.loads(value, salt=_salt(request.path), max_age=PARKED_SECONDS)
        except signing.BadSignature:
            continue  # parked for another path, too old, or not ours
        parked.cookies.append(name)
        for key in Invalidation.from_header(text):
            parked.keys.add(key)
    if not parked.cookies:
        return None
    request.META.pop("HTTP_IF_NONE_MATCH", None)
    request.META.pop("HTTP_IF_MODIFIED_SINCE", None)
    return parked


def spend(request: HttpRequest, response: HttpResponseBase, parked: Parked) -> Invalidation:
    """Clear the parked cookies; the keys that the answer has still to tell.

    A navigation tells nothing: the page it loads is fresh.
    """
    for name in parked.cookies:
        response.delete_cookie(name)
    response["Cache-Control"] = "no-store"
    del response["ETag"]
    navigates = request.META.get("HTTP_SEC_FETCH_MODE") == "navigate"
    return Invalidation() if navigates else parked.keys


def asks_for_epoch(request: HttpRequest) -> bool:
    """Whether htmx, our script or a client of our views asked."""
    meta = request.META
    if meta.get("HTTP_HX_REQUEST") == "true" or "HTTP_X_MIZAN_EPOCH" in meta:
        return True
    match = request.resolver_match
    return match is not None and "mizan_htmx" in match.app_names


def epoch(user_id: object) -> str:
    """A page's epoch: a salted hash of the session's user, one for everybody who is nobody.

    Args:
        user_id: what the session says of its user, or None.
    """
    return _epoch("" if user_id is None else str(user_id), settings.SECRET_KEY)


@functools.lru_cache(maxsize=1024)
def _epoch(who: str, secret: str) -> str:
    return salted_hmac("mizan_htmx.epoch", who, secret, algorithm="sha256").hexdigest()[:16]


def _path_on_this_site(request: HttpRequest, location: str) -> str | None:
    """The path a redirect leads to; None where that is another site's, or cannot be read.

    It is called after the commit, so whatever is wrong with the address must not raise.
    """
    try:
        here = urlsplit(request.build_absolute_uri())
        there = urlsplit(urljoin(here.geturl(), location))
        if _site(here) != _site(there):
            return None
        path = there.path or "/"
        if "/." in path and not path.startswith("//"):
            path = urlsplit(urljoin(here.geturl(), path)).path  # as who follows it takes the dots
    except (ValueError, SuspiciousOperation):
        return None
    # As Django reads a request's path: what is no UTF-8 stays escaped.
    return repercent_broken_unicode(unquote_to_bytes(path)).decode()


def _site(url: SplitResult) -> tuple[str | None, int | None]:
    return url.hostname, None if url.port == DEFAULT_PORTS.get(url.scheme) else url.port


def _salt(path: str) -> str:
    return f"mizan_htmx.parked:{path}"
