"""What a page carries for the script: where the views are, whose page it is, how to log in."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import SynchronousOnlyOperation
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.shortcuts import resolve_url
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from mizan_htmx import conf, http
from mizan_htmx.exceptions import DeclarationError

SCRIPT = "mizan_htmx/mizan.min.js"
TYPING = "mizan_htmx/typing.min.js"
"""What the script loads where somebody first does something inside a fragment."""


def script(request: HttpRequest, nonce: object = None) -> SafeString:
    """The one ``<script>`` of a page.

    Args:
        nonce: the page's CSP nonce, or None where it has none.
    """
    attributes = {
        "data-mizan-base": reverse("mizan_htmx:session").removesuffix("session/"),
        "data-mizan-login": resolve_url(settings.LOGIN_URL),
        "data-mizan-epoch": http.epoch(user_id(request)),
        "data-mizan-typing": static(TYPING),
        **csrf(request),
    }
    if conf.get("SINGLE_FLIGHT"):
        attributes["data-mizan-singleflight"] = ""
    if (items := conf.get("FRESH_ITEMS")) != conf.DEFAULTS["FRESH_ITEMS"]:
        attributes["data-mizan-items"] = str(items)
    if nonce is not None:  # a LazyNonce is false until it is read
        attributes["nonce"] = str(nonce)
    return format_html(
        '<script type="module" src="{}"{}></script>', static(SCRIPT), html_attributes(attributes)
    )


def user_id(request: HttpRequest) -> object:
    """What the session says of its user, or None.

    Raises:
        DeclarationError: the page is rendered on an event loop, where a session cannot be read.
    """
    session = getattr(request, "session", None)
    try:
        return None if session is None else session.get(SESSION_KEY)
    except SynchronousOnlyOperation as error:
        raise DeclarationError(
            "{% mizan_scripts %} reads the session, which an event loop cannot wait for: render"
            " the page in a thread, `await sync_to_async(render)(request, …)`, or ask for"
            " `await request.auser()` first"
        ) from error


def csrf(request: HttpRequest) -> dict[str, str]:
    """How the script comes by the token: from the cookie where it may read it, else from here.

    The cookie's changes with a login in another tab; a token in the page would be the old one.
    """
    token = get_token(request)  # asks Django to set the cookie, too
    header = settings.CSRF_HEADER_NAME.removeprefix("HTTP_").replace("_", "-")
    attributes = {"data-mizan-csrfheader": header}
    if settings.CSRF_USE_SESSIONS or settings.CSRF_COOKIE_HTTPONLY:
        return {**attributes, "data-mizan-csrftoken": token}
    return {**attributes, "data-mizan-csrfcookie": settings.CSRF_COOKIE_NAME}


def html_attributes(attributes: Mapping[str, Any]) -> SafeString:
    """`` name="value"`` for each, escaped."""
    # What is safe as text may hold quotes, which end an attribute.
    return SafeString("".join([f' {name}="{html_attribute(v)}"' for name, v in attributes.items()]))


def html_attribute(value: Any) -> str:
    """What stands between an attribute's quotes."""
    if type(value) is str:
        return html.escape(value)  # as Django's escape, which is lazy and takes twice as long
    return conditional_escape(value).replace('"', "&quot;")
