"""Keys parked across a redirect: park(), unpark() and spend() of http.py, with a small browser."""

import random
import re
import time
from unittest import mock
from urllib.parse import urljoin, urlsplit

import pytest
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from mizan_htmx import http
from mizan_htmx.invalidation import Invalidation
from mizan_htmx.keys import Key, parse

START = "http://testserver/start/here/?page=2"


def of(text):
    return Invalidation(parse(text))


def post(**extra):
    return RequestFactory().post(START, **extra)


def redirect(location, status=302):
    return HttpResponse(status=status, headers={"Location": location})


def without_dots(path):
    """As a browser asks for it: RFC 3986 section 5.2.4."""
    kept = []
    for segment in path.split("/")[1:]:
        kept = kept[:-1] if segment == ".." else kept + [segment] * (segment != ".")
    last = path.rpartition("/")[2]
    return "/" + "/".join([*kept, ""] if last in (".", "..") else kept)


class Browser:
    """A cookie jar that obeys Path and Max-Age as RFC 6265 says (section 5.1.4)."""

    def __init__(self):
        self.cookies = {}

    def keep(self, response):
        for name, cookie in response.cookies.items():
            if cookie["max-age"] == 0:
                self.cookies.pop((name, cookie["path"]), None)
            else:
                self.cookies[name, cookie["path"]] = cookie.value
        return self

    def get(self, location, **headers):
        target = urlsplit(urljoin(START, location))
        where = without_dots(target.path or "/")
        sent = [
            f"{name}={value}"
            for (name, path), value in self.cookies.items()
            if where == path or where.startswith(path.rstrip("/") + "/")
        ]
        headers |= {"Cookie": "; ".join(sent)} if sent else {}
        return RequestFactory().get(f"{where}?{target.query}", headers=headers)


def parked(location="/next/", keys="a;x=1, b", **extra):
    """A browser that was sent on with some keys."""
    response = redirect(location)
    http.park(post(**extra), response, of(keys))
    return Browser().keep(response)


LOCATIONS = {
    "a path": "/next/",
    "an escape that is no UTF-8": "/x%FFy/",
    "a path without a slash at its end": "/next",
    "the root": "/",
    "a query and a fragment": "/next/?a=1;b=%2F#part",
    "relative": "there/",
    "relative to the parent": "../there/",
    "dots": "/a/../b/./c/",
    "a query alone": "?page=3",
    "nothing": "",
    "an address": "http://testserver/next/",
    "an address with dots": "http://testserver/a/../b/./c/",
    "an address with dots alone": "//testserver/..",
    "an address without a path": "http://testserver",
    "an address in other letters": "HTTP://TestServer/next/",
    "an address with the port all have": "http://testserver:80/next/",
    "another scheme": "https://testserver/next/",
    "no scheme": "//testserver/next/",
    "letters": "/caf%C3%A9/",
    "an escaped slash": "/tags/a%2Fb/",
    "an escaped letter": "/t%61gs/",
    "an escaped percent sign": "/100%25/",
    "a space": "/a%20b/",
    "a semicolon, a comma and quotes": "/a;b,c%22/",
}


@pytest.mark.parametrize("location", LOCATIONS.values(), ids=LOCATIONS)
def test_parked_keys_arrive_where_the_browser_goes(location):  # case I-9, Seen 4
    request = parked(location).get(location)
    assert http.unpark(request).keys == of("a;x=1, b")


@pytest.mark.parametrize(
    "location",
    [
        "http://elsewhere/next/",
        "//elsewhere/next/",
        "http://testserver.elsewhere/next/",
        "http://testserver@elsewhere/",
        "http://testserver:8000/next/",
        "https://sub.testserver/",
        "mailto:a@testserver",
        "javascript:alert(1)",
    ],
)
def test_a_foreign_address_parks_nothing(location):  # case I-9
    assert parked(location).cookies == {}


@pytest.mark.parametrize(
    "location", ["http://[/", "//[x]/", "http://testserver:x/", "http://a:99999/"]
)
def test_parking_never_raises_after_the_write_for_an_address(location):  # Seen 1
    assert parked(location).cookies == {}


def test_parking_never_raises_after_the_write_for_a_host(settings):  # Seen 1
    settings.ALLOWED_HOSTS = ["elsewhere"]
    assert parked("/next/").cookies == {}


def test_no_keys_park_nothing():
    assert parked(keys="").cookies == {}


@pytest.mark.parametrize("secure", [False, True])
def test_a_parked_cookie_is_short_lived_and_not_for_scripts(secure):
    response = redirect("/next/")
    http.park(post(secure=secure), response, of("a"))
    [(name, cookie)] = response.cookies.items()
    assert re.fullmatch(r"mizan_parked_[0-9a-f]{8}", name)
    assert (cookie["max-age"], cookie["samesite"], cookie["httponly"]) == (60, "Lax", True)
    assert bool(cookie["secure"]) is secure


def test_the_largest_header_fits_into_a_cookie():  # case H-11
    dice = random.Random(0)
    noise = "".join(dice.choices([chr(code) for code in range(0x23, 0x5B)], k=2_042))
    keys = Invalidation([Key("a", x=noise)])
    assert len(keys.to_header()) == 2_048
    response = redirect("/next/")
    http.park(post(), response, keys)
    [cookie] = response.cookies.values()
    assert len(cookie.OutputString()) < 4_096
    assert http.unpark(Browser().keep(response).get("/next/")).keys == keys


def test_two_parkings_at_once_do_not_overwrite_one_another():  # case I-9
    browser = parked(keys="a;x=1")
    browser.cookies |= parked(keys="b").cookies
    found = http.unpark(browser.get("/next/"))
    assert (found.keys, len(found.cookies)) == (of("a;x=1, b"), 2)


@pytest.mark.parametrize("elsewhere", ["/", "/next", "/next/more/", "/Next/", "/other/"])
def test_what_was_parked_for_another_path_stays_there(elsewhere):  # case I-9
    browser = parked("/next/")
    assert http.unpark(browser.get(elsewhere)) is None
    assert http.unpark(browser.get("/next/")).keys == of("a;x=1, b")


# case A-9
@pytest.mark.parametrize(
    "value",
    ["", "a", "a:b:c", '"\\303\\251"', "%FF", signing.dumps("a"), signing.dumps("a", salt="x")],
)
def test_a_parked_cookie_that_is_not_ours_is_left_alone(value):
    browser = parked("/next/")
    browser.cookies["mizan_parked_00000000", "/"] = value
    assert http.unpark(browser.get("/next/")).keys == of("a;x=1, b")
    browser.cookies = {("mizan_parked_00000000", "/"): value}
    assert http.unpark(browser.get("/next/")) is None


def test_a_parked_cookie_that_was_changed_is_left_alone():  # case A-9
    browser = parked("/next/")
    browser.cookies = {name: "x" + value for name, value in browser.cookies.items()}
    assert http.unpark(browser.get("/next/")) is None


@pytest.mark.parametrize(("age", "arrives"), [(59, True), (62, False)])
def test_a_parked_cookie_has_a_minute(age, arrives):
    request = parked("/next/").get("/next/")
    with mock.patch("django.core.signing.time.time", return_value=time.time() + age):
        assert (http.unpark(request) is not None) is arrives


def test_the_request_that_brings_keys_asks_for_a_whole_answer():  # case I-20
    conditions = {"If-None-Match": '"a"', "If-Modified-Since": "Thu, 20 Nov 2025 08:00:00 GMT"}
    brings = parked("/next/").get("/next/", **conditions)
    assert http.unpark(brings) is not None
    assert not {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"} & brings.META.keys()


@pytest.mark.parametrize("elsewhere", ["/next/", "/other/"])
def test_a_request_that_brings_nothing_keeps_its_conditions(elsewhere):
    browser = parked("/other/") if elsewhere == "/next/" else Browser()
    browser.cookies["session", "/"] = "1"
    plain = browser.get(elsewhere, **{"If-None-Match": '"a"'})
    assert http.unpark(plain) is None
    assert plain.META["HTTP_IF_NONE_MATCH"] == '"a"'


@pytest.mark.parametrize(
    ("mode", "told"), [("cors", "a;x=1, b"), (None, "a;x=1, b"), ("navigate", "")]
)
def test_parked_keys_are_told_once_and_a_navigation_is_told_none(mode, told):  # cases I-9, I-20
    browser = parked("/next/")
    request = browser.get("/next/", **({"Sec-Fetch-Mode": mode} if mode else {}))
    response = HttpResponse(headers={"ETag": '"a"', "Cache-Control": "max-age=60"})
    assert http.spend(request, response, http.unpark(request)) == of(told)
    assert response["Cache-Control"] == "no-store"
    assert not response.has_header("ETag")
    assert browser.keep(response).cookies == {}
    assert http.unpark(browser.get("/next/")) is None


def test_a_further_redirect_parks_under_its_own_path():  # case I-9
    browser = parked("/next/")
    request = browser.get("/next/")
    response = HttpResponseRedirect("/last/")
    http.park(request, response, http.spend(request, response, http.unpark(request)))
    browser.keep(response)
    assert http.unpark(browser.get("/next/")) is None
    assert http.unpark(browser.get("/last/")).keys == of("a;x=1, b")
