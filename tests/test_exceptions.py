"""Each error has a stable code and status, carries its evidence and names the remedy."""

import pytest
from django.core.exceptions import PermissionDenied

from mizan_htmx import exceptions
from mizan_htmx.exceptions import MethodNotAllowed, MizanError, RequestError, UnknownName

# protocol.md, "Errors are data"
TABLE = {
    "BadRequest": ("bad_request", 400),
    "Unauthenticated": ("unauthenticated", 401),
    "Forbidden": ("forbidden", 403),
    "CsrfFailed": ("csrf", 403),
    "NotFound": ("not_found", 404),
    "MethodNotAllowed": ("method_not_allowed", 405),
    "Changed": ("changed", 409),
    "UserChanged": ("user_changed", 409),
    "TooLarge": ("too_large", 413),
    "UnsupportedMediaType": ("unsupported_media_type", 415),
    "Invalid": ("invalid", 422),
    "Internal": ("internal", 500),
}
DECLARED = {
    name: kind
    for name, kind in vars(exceptions).items()
    if isinstance(kind, type) and issubclass(kind, RequestError) and kind is not RequestError
}


def test_the_table_of_codes_is_the_protocols():
    assert {name: (kind.code, kind.status) for name, kind in DECLARED.items()} == TABLE


@pytest.mark.parametrize("name", TABLE)
def test_an_error_has_words_of_its_own_and_takes_others(name):
    kind = DECLARED[name]
    if kind is MethodNotAllowed:
        assert kind(["GET", "HEAD"]).allowed == ["GET", "HEAD"]
        assert kind(["GET", "HEAD"]).message == "allowed: GET, HEAD"
        return
    assert kind().message == kind.__doc__
    assert kind().details == []
    assert kind("other", [1]).message == str(kind("other")) == "other"
    assert kind("other", [1]).details == [1]


def test_all_have_one_base():
    kinds = [kind for kind in vars(exceptions).values() if isinstance(kind, type)]
    ours = [kind for kind in kinds if kind.__module__ == exceptions.__name__]
    assert len(ours) > len(TABLE)
    assert all(issubclass(kind, MizanError) for kind in ours)


@pytest.mark.parametrize("name", ["Unauthenticated", "Forbidden", "CsrfFailed"])
def test_in_a_view_of_the_projects_own_django_answers_403(name):
    assert issubclass(DECLARED[name], PermissionDenied)


@pytest.mark.parametrize(
    ("name", "known", "message"),
    [
        ("bord", ["notes", "board"], "unknown context 'bord'; did you mean 'board'?"),
        ("xyz", ["notes", "board"], "unknown context 'xyz'; there are: board, notes"),
        (
            "xyz",
            [],
            "unknown context 'xyz'; no context is declared; declare them in <app>/mizan.py",
        ),
    ],
)
def test_an_unknown_name_says_what_exists(name, known, message):
    error = UnknownName("context", name, known)
    assert str(error) == message
    assert (error.kind, error.name, error.known) == ("context", name, sorted(known))


# case H-15
def test_an_unknown_name_is_escaped_and_bounded():
    message = str(UnknownName("context", "\x1b[31m\n" + "x" * 5000, ["board"]))
    assert "\x1b" not in message
    assert "\n" not in message
    assert len(message) < 300
