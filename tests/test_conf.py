"""Settings are read at each use, from one dict over one table of defaults."""

import pytest
from django.test import override_settings

from mizan_htmx import conf

LOGIN_REQUIRED = ["django.contrib.auth.middleware.LoginRequiredMiddleware"]


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
    ],
)
def test_where_django_requires_login_so_do_we_unless_said(settings, auth):
    with override_settings(**settings):
        assert conf.get("AUTH") == auth


def test_a_name_that_is_no_setting_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        conf.get("NO_SUCH")
