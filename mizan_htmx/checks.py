"""What is wrong with a project's settings is said at start-up, with the remedy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.urls import NoReverseMatch, reverse

from mizan_htmx import auth, conf
from mizan_htmx.registry import registry

MIDDLEWARE = "mizan_htmx.middleware.MizanMiddleware"
ORDER = f'MIDDLEWARE = ["{MIDDLEWARE}", …]'


@register
def check_settings(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Middleware, installed apps and the ``MIZAN`` dict."""
    found: list[CheckMessage] = []
    names = list(settings.MIDDLEWARE)
    if MIDDLEWARE not in names:
        found.append(
            Error(
                "MizanMiddleware is not installed; no response would say what went stale.",
                hint=f"Put it first: {ORDER}.",
                id="mizan.E001",
            )
        )
    elif names[0] != MIDDLEWARE:
        found.append(
            Error(
                f"MizanMiddleware stands behind {names[0]}: what is outside of it may store or"
                " drop its header, or commit after it.",
                hint=f"Put it first: {ORDER}.",
                id="mizan.E002",
            )
        )
    if not apps.is_installed("django_htmx"):
        found.append(
            Error(
                "django_htmx is not installed.",
                hint='Add "django_htmx" to INSTALLED_APPS.',
                id="mizan.E003",
            )
        )
    return found + _check_dict(getattr(settings, "MIZAN", {}))


def _check_dict(given: Any) -> list[CheckMessage]:
    if not isinstance(given, dict):
        return [Error(f"MIZAN is {given!r}.", hint="Make it a dict of settings.", id="mizan.E004")]
    found: list[CheckMessage] = [
        Error(
            f"MIZAN[{name!r}] is no setting.",
            hint=f"There are: {', '.join(conf.DEFAULTS)}.",
            id="mizan.E004",
        )
        for name in given.keys() - conf.DEFAULTS.keys()
    ]
    for name in ("MAX_BODY", "MAX_DEPTH", "FRESH_ITEMS"):
        if not isinstance(given.get(name, 1), int) or given.get(name, 1) < 1:
            found.append(
                Error(
                    f"MIZAN[{name!r}] is {given[name]!r}.",
                    hint="Give a whole number above 0.",
                    id="mizan.E004",
                )
            )
    try:
        auth.check(given.get("AUTH"), 'MIZAN["AUTH"]')
    except Exception as error:
        found.append(Error(str(error), id="mizan.E004"))
    return found


@register(Tags.urls)
def check_urls(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """The views can be reached."""
    try:
        reverse("mizan_htmx:session")
    except NoReverseMatch:
        hint = 'Add path("api/mizan/", include("mizan_htmx.urls")) to the urlpatterns.'
        return [Error("mizan_htmx.urls is not included.", hint=hint, id="mizan.E005")]
    return []


@register(Tags.security, deploy=True)
def check_open(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Everything that anybody may read or call, so that it is so on purpose."""
    declared: list[Any] = [*registry.contexts.values(), *registry.mutations.values()]
    names = sorted(repr(d) for d in declared if auth.effective(d.auth) is None)
    if not names:
        return []
    hint = 'Give them auth=, or the project a default: MIZAN = {"AUTH": "authenticated"}.'
    return [Warning(f"Open to everybody: {', '.join(names)}.", hint=hint, id="mizan.W001")]
