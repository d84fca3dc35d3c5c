"""A call is made from a page of this site with this session's token, or not at all: R-12, R-13."""

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, override_settings

from tests.library.models import Book

CALL, NAMED = "/api/mizan/call/", "/api/mizan/call/add_book/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def token(browser, db):
    return browser.get("/api/mizan/session/")["X-CSRFToken"]


@pytest.fixture
def attempt(browser, hall):
    """The status of a call, and whether it ran."""

    def attempt(path, secure=False, fields=(), **headers):
        args = {"shelf_id": hall.pk, "title": "x"}
        options = {"headers": {**HTMX, **headers}, "secure": secure}
        if path == "form":
            response = browser.post(NAMED, {**args, **dict(fields)}, **options)
        else:
            body = {"fn": "add_book", "args": args} if path == CALL else args
            response = browser.post(path, body, content_type="application/json", **options)
        ran = Book.objects.filter(title="x").exists()
        if not ran:
            assert response.json()["error"]["code"] == "csrf"
            assert response["HX-Reswap"] == "none"
            assert "X-Mizan-Invalidate" not in response.headers
        return response.status_code, ran

    return attempt


DONE, REFUSED = {CALL: (200, True), NAMED: (200, True), "form": (204, True)}, (403, False)
each_path = pytest.mark.parametrize("path", DONE)


# case R-12
@each_path
@pytest.mark.parametrize("given", [None, "", "x", "x" * 32, "x" * 64, "\u00e9"])
def test_a_token_that_is_missing_or_wrong(given, path, attempt, token):
    assert attempt(path, **({} if given is None else {"X-CSRFToken": given})) == REFUSED


# case R-12
@each_path
def test_the_sessions_token(path, attempt, token):
    assert attempt(path, **{"X-CSRFToken": token}) == DONE[path]


# case R-12
def test_a_token_in_a_forms_field(attempt, token):
    assert attempt("form", fields={"csrfmiddlewaretoken": token}) == DONE["form"]


# case R-12
def test_a_token_in_a_field_of_json_is_an_argument(attempt, token):
    assert attempt(NAMED, fields={"csrfmiddlewaretoken": token}) == REFUSED


# case R-12
@each_path
def test_another_sessions_token(path, attempt, token):
    theirs = Client().get("/api/mizan/session/")["X-CSRFToken"]
    assert attempt(path, **{"X-CSRFToken": theirs}) == REFUSED


# case R-12
@each_path
def test_a_token_from_before_a_login_in_another_tab(path, attempt, token, browser, serve, owner):
    def login(request):
        from django.contrib.auth import login

        login(request, owner)
        return HttpResponse(get_token(request))

    serve("login/", login)
    fresh = browser.get("/login/").text
    assert attempt(path, **{"X-CSRFToken": token}) == REFUSED
    assert attempt(path, **{"X-CSRFToken": fresh}) == DONE[path]


# case R-12
@each_path
def test_without_a_cookie_no_token_is_good(path, attempt, token, browser):
    browser.cookies.clear()
    assert attempt(path, **{"X-CSRFToken": token}) == REFUSED


# case R-13
@each_path
@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://testserver", True),
        ("null", False),
        ("https://testserver", False),
        ("http://sub.testserver", False),
        ("http://testserver:8000", False),
        ("http://testserver.evil.test", False),
        ("https://evil.test", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_where_a_request_comes_from(origin, allowed, path, attempt, token):
    headers = {"X-CSRFToken": token, "Origin": origin}
    assert attempt(path, **headers) == (DONE[path] if allowed else REFUSED)


# case R-13
@each_path
@pytest.mark.parametrize(
    ("referer", "allowed"),
    [
        ("https://testserver/page/", True),
        (None, False),
        ("http://testserver/page/", False),
        ("https://evil.test/", False),
        ("https://testserver.evil.test/", False),
    ],
)
def test_over_https_a_page_must_have_been_https_too(referer, allowed, path, attempt, token):
    headers = {"X-CSRFToken": token} | ({"Referer": referer} if referer else {})
    assert attempt(path, secure=True, **headers) == (DONE[path] if allowed else REFUSED)


# case R-13
@pytest.mark.parametrize("trusted", [["http://*.testserver"], ["http://sub.testserver"]])
def test_an_origin_the_project_trusts(trusted, attempt, token):
    with override_settings(CSRF_TRUSTED_ORIGINS=trusted):
        headers = {"X-CSRFToken": token, "Origin": "http://sub.testserver"}
        assert attempt(CALL, **headers) == DONE[CALL]


# case R-12
@each_path
def test_a_refusal_is_logged_as_the_middleware_does(path, attempt, token, caplog):
    attempt(path, **{"X-CSRFToken": "x"})
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("django.security.csrf", "WARNING")
    assert (record.status_code, record.request.method) == (403, "POST")
    url = CALL if path == CALL else NAMED
    reason = "CSRF token from the 'X-Csrftoken' HTTP header has incorrect length."
    assert record.getMessage() == f"Forbidden ({reason}): {url}"


# case R-12
def test_a_browser_is_told_in_a_page(browser, hall):
    response = browser.post(NAMED, {"shelf_id": hall.pk, "title": "x"})
    assert response.status_code == 403
    page = BeautifulSoup(response.text, "html.parser")
    assert "CSRF" in page.h1.text
    assert Book.objects.count() == 2


# case R-12
def test_reading_needs_no_token(browser, hall):
    assert browser.get("/api/mizan/ctx/news/").status_code == 200


# case R-12
def test_the_check_is_made_even_where_the_project_has_no_csrf_middleware(browser, hall, settings):
    name = "django.middleware.csrf.CsrfViewMiddleware"
    settings.MIDDLEWARE = [entry for entry in settings.MIDDLEWARE if entry != name]
    token = browser.get("/api/mizan/session/")["X-CSRFToken"]
    body = {"shelf_id": hall.pk, "title": "x"}
    assert browser.post(NAMED, body, headers=HTMX).status_code == 403
    assert browser.post(NAMED, body, headers={**HTMX, "X-CSRFToken": token}).status_code == 204
