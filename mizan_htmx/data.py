"""Contexts as data: what ``ctx/`` answers, and what a page carries along for its islands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from django.utils.safestring import SafeString, mark_safe

from mizan_htmx import http
from mizan_htmx.auth import authorise
from mizan_htmx.contexts import Bundle, Context
from mizan_htmx.exceptions import DeclarationError, Forbidden, Unauthenticated
from mizan_htmx.keys import Key
from mizan_htmx.registry import registry

ELEMENT = "__MIZAN_SSR_DATA__"

# What could end a script element or open a comment in it,
# https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements;
# whatever is not ASCII is escaped as JSON is written.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def admitted(request: HttpRequest, context: Context, given: Mapping[str, Any]) -> Bundle:
    """A context for parameters from outside, of which a stranger learns nothing; no query has run.

    Args:
        given: JSON's types by name, or a ``MultiValueDict`` of texts.

    Raises:
        Unauthenticated, Forbidden: as ``auth=`` decides.
        Invalid: for a parameter that is missing, unknown or ill-typed.
    """
    authorise(context.auth, request)
    return context.load(request, **context.validate(given))


def page_data(request: HttpRequest, /, *targets: Key | Context | str) -> dict[str, dict[str, Any]]:
    """Contexts as the islands of a page find them, so that they start with data and fetch nothing.

    Args:
        request: whose rights decide.
        targets: keys, and contexts or their names where no parameter is needed.

    Returns:
        ``{"board;board_id=3": {"status": 200, "etag": str, "data": {query: result}}}``, made of
        JSON's types. The etag is that of ``ctx/``. For what the reader may not read,
        ``{"status": 401}`` or ``{"status": 403}``. An island finds a key by the parameters it
        gives, so both name the same ones.

    Raises:
        DeclarationError: for a target that names no context, or a parameter it does not have.
        Invalid: for a parameter that is missing or ill-typed.
        Http404: a query, or a rule, found nothing.
        Exception: whatever else a query raised.
    """
    keys = dict.fromkeys(map(_key, targets))
    try:
        return {str(key): _item(request, key) for key in keys}
    except ObjectDoesNotExist as error:
        raise Http404(str(error)) from error


def script(contexts: Mapping[str, Any]) -> SafeString:
    """The element that carries ``page_data``'s object.

    A page may have several, all with the same id, for a template cannot know what comes below
    it; the script reads each of them.
    """
    return element(f'id="{ELEMENT}"', http.to_json(contexts).decode())


def element(attribute: str, text: str) -> SafeString:
    """JSON in a page. It is not run, so it needs no CSP nonce.

    Args:
        text: what ``http.to_json`` writes.
    """
    for character, escaped in _ESCAPES.items():  # many times faster than str.translate
        text = text.replace(character, escaped)
    return mark_safe(f'<script type="application/json" {attribute}>{text}</script>')


def _key(target: Key | Context | str) -> Key:
    if isinstance(target, Context):
        return target.key()
    if isinstance(target, str):
        return registry.context(target).key()
    if not isinstance(target, Key):
        raise DeclarationError(f"{target!r:.100} names no context; give one, its name or a Key")
    return registry.context(target.name).key(**target.values())


def _item(request: HttpRequest, key: Key) -> dict[str, Any]:
    try:
        # The texts of a key, for 5 and "5" are one value of it whatever the parameter's type.
        bundle = admitted(request, registry.context(key.name), key.params)
    except (Unauthenticated, Forbidden) as error:
        return {"status": error.status}
    return answered(bundle)


def answered(bundle: Bundle) -> dict[str, Any]:
    """A context's data as an item among others."""
    data = bundle.data()
    return {"status": 200, "etag": http.etag(http.to_json(data)), "data": data}
