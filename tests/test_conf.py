"""Settings are read at each use, from one dict over one table of defaults."""

import subprocess
import sys

import pytest
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.test import override_settings

from mizan_htmx import conf

LOGIN_REQUIRED = ["django.contrib.auth.middleware.LoginRequiredMiddleware"]


class Members(LoginRequiredMiddleware):
    """A project's own."""


class LoginRequired:
    """Only called like it."""


def guard(get_response):
    return get_response


@pytest.mark.parametrize(("name", "value"), conf.DEFAULTS.items())
def test_a_default_stands_until_it_is_set(name, value):
    assert conf.get(name) == value
    with override_settings(MIZAN={name: 7}):
        assert conf.get(name) == 7
    assert conf.get(name) == value


def test_the_limits_are_the_protocols():
    limits = {"MAX_BODY": 2**20, "MAX_DEPTH": 32, "FRESH_ITEMS": 50}
    assert {"AUTH": None, "SINGLE_FLIGHT": False, **limits} == conf.DEFAULTS


@pytest.mark.parametrize(
    ("settings", "auth"),
    [
        ({}, None),
        ({"MIDDLEWARE": LOGIN_REQUIRED}, "authenticated"),
        ({"MIDDLEWARE": LOGIN_REQUIRED, "MIZAN": {}}, "authenticated"),
        ({"MIDDLEWARE": LOGIN_REQUIRED, "MIZAN": {"AUTH": None}}, None),
        ({"MIDDLEWARE": LOGIN_REQUIRED, "MIZAN": {"AUTH": "staff"}}, "staff"),
        ({"MIZAN": {"AUTH": "staff"}}, "staff"),
        ({"MIDDLEWARE": [f"{__name__}.guard", f"{__name__}.Members"]}, "authenticated"),
        ({"MIDDLEWARE": [f"{__name__}.Members"], "MIZAN": {"AUTH": None}}, None),
        ({"MIDDLEWARE": [f"{__name__}.guard", f"{__name__}.LoginRequired"]}, None),
    ],
)
def test_where_django_requires_login_so_do_we_unless_said(settings, auth):
    with override_settings(**settings):
        assert conf.get("AUTH") == auth


# What cannot be imported now may be later, and the answer is kept.
@pytest.mark.parametrize("entry", ["no_such.Middleware", f"{__name__}.no_such", "nodots"])
def test_where_a_middleware_cannot_be_looked_at_nothing_is_open_for_it(entry):
    with override_settings(MIDDLEWARE=[entry]):
        assert conf.get("AUTH") == "authenticated"


ALONE = """
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["django_htmx", "mizan_htmx"],
    MIDDLEWARE=["mizan_htmx.middleware.MizanMiddleware", "django_htmx.middleware.HtmxMiddleware"],
)
import django
django.setup()
from mizan_htmx import conf
print(conf.get("AUTH"))
"""


def test_where_there_are_no_users_of_djangos_nothing_of_them_is_imported():
    run = [sys.executable, "-c", ALONE]
    done = subprocess.run(run, check=False, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("None\n", "")


def test_a_name_that_is_no_setting_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        conf.get("NO_SUCH")
