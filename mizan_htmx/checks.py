"""What is wrong with a project's settings is said at start-up, with the remedy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse

from mizan_htmx import auth, conf
from mizan_htmx.registry import registry

MIDDLEWARE = "mizan_htmx.middleware.MizanMiddleware"
ERROR = "mizan_htmx/error.html"
ORDER = f'MIDDLEWARE = ["{MIDDLEWARE}", …]'

_TYPED = {int: "Give a whole number above 0.", bool: "Give True or False."}


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
    if names.count(MIDDLEWARE) > 1:
        found.append(
            Error(
                "MizanMiddleware stands twice in MIDDLEWARE: the inner one takes what the outer"
                " one is to write.",
                hint="Leave the first, which is outside of everything.",
                id="mizan.E006",
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
    for name, default in conf.DEFAULTS.items():
        hint = _TYPED.get(type(default))
        value = given.get(name, default)
        if hint and (type(value) is not type(default) or (type(value) is int and value < 1)):
            found.append(Error(f"MIZAN[{name!r}] is {value!r}.", hint=hint, id="mizan.E004"))
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


@register(Tags.templates)
def check_templates(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """The page that a browser without JavaScript is shown of an error can be found."""
    try:
        get_template(ERROR)
    except TemplateDoesNotExist:
        hint = 'Let an engine of TEMPLATES find the templates of apps: "APP_DIRS": True.'
        return [Warning(f"{ERROR} is not found.", hint=hint, id="mizan.W002")]
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
