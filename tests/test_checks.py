"""What is wrong with a project's settings is said at start-up: case W-8."""

import types

import pytest
from django.core import checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from mizan_htmx import Context, mutation
from mizan_htmx.checks import MIDDLEWARE

DJANGO = "django.template.backends.django.DjangoTemplates"
GZIP = "django.middleware.gzip.GZipMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
CACHE = "django.middleware.cache.UpdateCacheMiddleware"


def found(**options):
    return [
        message
        for message in checks.run_checks(**options)
        if message.id and message.id.startswith("mizan.")
    ]


def ids(**options):
    return [message.id for message in found(**options)]


def test_the_tests_own_project_is_in_order(settings):
    assert ids() == []
    call_command("check", fail_level="WARNING")


# case W-8
@pytest.mark.parametrize(
    ("change", "id", "hint"),
    [
        (lambda names: names[1:], "mizan.E001", "Put it first: MIDDLEWARE"),
        (lambda names: [GZIP, *names], "mizan.E002", "Put it first: MIDDLEWARE"),
        (lambda names: [CACHE, *names], "mizan.E002", "Put it first: MIDDLEWARE"),
        (lambda names: [SESSIONS, *names], "mizan.E002", "Put it first: MIDDLEWARE"),
        (lambda names: [*names[1:], names[0]], "mizan.E002", "Put it first: MIDDLEWARE"),
        (lambda names: [names[0], *names], "mizan.E006", "Leave the first, which is outside"),
        (lambda names: [*names, names[0]], "mizan.E006", "Leave the first, which is outside"),
        (tuple, None, ""),
        (lambda names: [*names, GZIP], None, ""),
    ],
    ids=[
        "missing",
        "gzip",
        "cache",
        "sessions",
        "last",
        "twice",
        "first and last",
        "tuple",
        "gzip inside",
    ],
)
def test_where_the_middleware_stands(change, id, hint, settings):
    settings.MIDDLEWARE = change(settings.MIDDLEWARE)
    messages = found()
    assert [message.id for message in messages] == [id] * bool(id)
    assert all(hint in message.hint for message in messages)
    if id == "mizan.E002":
        assert settings.MIDDLEWARE[0] in messages[0].msg
        with pytest.raises(SystemCheckError, match=id):
            call_command("check")


def test_the_path_it_names_is_the_middlewares(settings):
    assert settings.MIDDLEWARE[0] == MIDDLEWARE


def test_django_htmx_is_needed(settings):
    settings.INSTALLED_APPS = [name for name in settings.INSTALLED_APPS if name != "django_htmx"]
    assert ids() == ["mizan.E003"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, None),
        ({"AUTH": "staff", "MAX_BODY": 1, "MAX_DEPTH": 2}, None),
        ({"AUTH": None}, None),
        ({"AUTH": lambda request, **params: True}, None),
        ([], "MIZAN is []"),
        (None, "MIZAN is None"),
        ({"AUTHS": 1}, "MIZAN['AUTHS'] is no setting"),
        ({5: 1}, "MIZAN[5] is no setting"),
        ({"MAX_BODY": 0}, "MIZAN['MAX_BODY'] is 0"),
        ({"MAX_BODY": "1 MB"}, "MIZAN['MAX_BODY'] is '1 MB'"),
        ({"MAX_DEPTH": None}, "MIZAN['MAX_DEPTH'] is None"),
        ({"MAX_DEPTH": -1}, "MIZAN['MAX_DEPTH'] is -1"),
        ({"MAX_DEPTH": 1.5}, "MIZAN['MAX_DEPTH'] is 1.5"),
        ({"MAX_BODY": True}, "MIZAN['MAX_BODY'] is True"),
        ({"SINGLE_FLIGHT": False}, None),
        ({"SINGLE_FLIGHT": "no"}, "MIZAN['SINGLE_FLIGHT'] is 'no'"),
        ({"SINGLE_FLIGHT": 1}, "MIZAN['SINGLE_FLIGHT'] is 1"),
        ({"SINGLE_FLIGHT": None}, "MIZAN['SINGLE_FLIGHT'] is None"),
        ({"AUTH": "nobody"}, "MIZAN[\"AUTH\"]: auth='nobody' is no rule"),
        ({"AUTH": True}, 'MIZAN["AUTH"]: auth=True is no rule'),
    ],
    ids=repr,
)
def test_the_settings_dict(given, says, settings):
    settings.MIZAN = given
    messages = found()
    assert [message.id for message in messages] == ["mizan.E004"] * bool(says)
    assert all(message.msg.startswith(says) for message in messages)


@pytest.mark.parametrize("given", [None, [], {"AUTH": "nobody"}], ids=repr)
def test_a_faulty_dict_does_not_break_the_other_checks(given, settings):
    settings.MIZAN = given
    assert "mizan.E004" in ids(include_deployment_checks=True)


def test_every_fault_of_the_dict_is_told(settings):
    settings.MIZAN = {"A": 1, "B": 2, "MAX_BODY": 0, "MAX_DEPTH": 0, "AUTH": 0}
    assert ids() == ["mizan.E004"] * 5


@pytest.mark.parametrize("included", [True, False])
def test_the_views_must_be_reachable(included, settings):
    from tests import urls

    class Urls(types.SimpleNamespace):
        urlpatterns = urls.urlpatterns if included else []

    settings.ROOT_URLCONF = Urls
    messages = found(tags=[checks.Tags.urls])
    assert [message.id for message in messages] == ([] if included else ["mizan.E005"])
    assert all('path("api/mizan/", include("mizan_htmx.urls"))' in m.hint for m in messages)


@pytest.mark.parametrize(
    ("templates", "id"),
    [
        ([], "mizan.W002"),
        ([{"BACKEND": DJANGO}], "mizan.W002"),
        ([{"BACKEND": DJANGO, "APP_DIRS": True}], None),
        ([{"BACKEND": DJANGO}, {"BACKEND": DJANGO, "NAME": "b", "APP_DIRS": True}], None),
    ],
    ids=["no engine", "not found", "found", "found by another"],
)
def test_the_page_of_an_error_must_be_found(templates, id, settings):
    settings.TEMPLATES = templates
    messages = found(tags=[checks.Tags.templates])
    assert [(message.id, message.level) for message in messages] == (
        [(id, checks.WARNING)] if id else []
    )
    assert all("APP_DIRS" in message.hint for message in messages)


# case A-1
@pytest.mark.parametrize(
    ("default", "open_ones"),
    [
        (None, ["<Context open(a)>", "<Mutation opened(a)>", "<Context unsaid()>"]),
        ("authenticated", ["<Context open(a)>", "<Mutation opened(a)>"]),
    ],
)
def test_a_deployment_is_told_what_stands_open(default, open_ones, declaring, settings):
    declaring.contexts.clear()
    declaring.mutations.clear()

    @Context("open", auth=None).query
    def query(request, a: int): ...

    mutation(auth=None, name="opened")(query)
    Context("unsaid")
    Context("shut", auth="staff")
    declaring.close()
    settings.MIZAN = {"AUTH": default}
    assert ids() == []
    (message,) = found(include_deployment_checks=True)
    assert (message.id, message.level) == ("mizan.W001", checks.WARNING)
    assert all(name in message.msg for name in open_ones)
    assert message.msg.count("<") == len(open_ones)
    assert 'MIZAN = {"AUTH": "authenticated"}' in message.hint


def test_where_nothing_stands_open_nothing_is_said(declaring, settings):
    declaring.contexts.clear()
    declaring.mutations.clear()
    Context("unsaid")
    declaring.close()
    settings.MIZAN = {"AUTH": "authenticated"}
    assert ids(include_deployment_checks=True) == []
