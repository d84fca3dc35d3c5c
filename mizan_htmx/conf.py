"""The settings, one table. Read at each use, so that ``override_settings`` works.

Set them in one dict: ``MIZAN = {"AUTH": "authenticated"}``.
"""

from __future__ import annotations

import functools
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

LOGIN_REQUIRED = "django.contrib.auth.middleware.LoginRequiredMiddleware"

DEFAULTS: dict[str, Any] = {
    # Who may use a context or a mutation that has no auth= of its own: None (everybody),
    # "authenticated", "staff", a permission string or a callable. Where Django's
    # LoginRequiredMiddleware is installed, or a subclass, the default is "authenticated".
    "AUTH": None,
    # The largest body of a call, in bytes; multipart forms have Django's own limits.
    "MAX_BODY": 1_048_576,
    # How deep the JSON of a call may nest.
    "MAX_DEPTH": 32,
    # How many fragments and contexts one request may ask for together.
    "FRESH_ITEMS": 50,
    # Whether the HTML answers of writes bring what they made stale, fresh, for pages that say what
    # they show. The answers of JSON calls always do.
    "SINGLE_FLIGHT": False,
}


@functools.cache
def get(name: str) -> Any:
    """The value of one setting.

    Args:
        name: one of ``DEFAULTS``.
    """
    given = getattr(settings, "MIZAN", {})
    if isinstance(given, dict) and name in given:  # anything else is mizan.E004
        return given[name]
    if name == "AUTH" and any(map(_requires_login, settings.MIDDLEWARE)):
        return "authenticated"
    return DEFAULTS[name]


def _requires_login(path: str) -> bool:
    """Whether a middleware is Django's LoginRequiredMiddleware, or made of it.

    That is known by its name: to import it takes ``django.contrib.auth`` to be installed.
    """
    if path == LOGIN_REQUIRED:
        return True
    try:
        middleware = import_string(path)
    except Exception:
        return True  # no site runs with it; should it be there later, nothing is left open
    bases = middleware.__mro__ if isinstance(middleware, type) else ()
    return any(f"{base.__module__}.{base.__qualname__}" == LOGIN_REQUIRED for base in bases)


def _forget(**kwargs: Any) -> None:
    get.cache_clear()


setting_changed.connect(_forget)
