"""Contexts and fragments, read: their parameters, their etags, their references."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import override_settings

from mizan_htmx.references import Reference
from tests.library.models import Book

BASE = "/api/mizan/"
CTX, FRAGMENT = f"{BASE}ctx/", f"{BASE}fragment/"
JSON = "application/json"


def reference(*contexts, block=""):
    return Reference("library/_name.html", block, contexts, "en").sign()


def test_a_context_is_its_queries_by_name(client, hall, django_assert_num_queries):
    with django_assert_num_queries(5):
        response = client.get(f"{CTX}shelf/?shelf_id={hall.pk}")
    emma, ulysses = Book.objects.values("id", "title", "lent")
    books = [emma, ulysses]
    assert response.json() == {
        "books": books,
        "stats": {"total": 2, "lent": 1},
        "detail": {"id": hall.pk, "name": "Hall", "books": books},
    }
    assert response["Content-Type"] == JSON
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"
    assert "Cookie" in response["Vary"]
    assert client.get(f"{CTX}shelf/?shelf_id={hall.pk}")["ETag"] == response["ETag"]


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_context_that_did_not_change_is_304(method, client, hall):
    url = f"{CTX}shelf/?shelf_id={hall.pk}"
    tag = client.get(url)["ETag"]
    ask = getattr(client, method)
    for given in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        response = ask(url, headers={"If-None-Match": given})
        assert (response.status_code, response.content) == (304, b"")
        assert response["ETag"] == tag
        assert response["Cache-Control"] == "private, no-cache"
        assert "Cookie" in response["Vary"]
    Book.objects.update(lent=True)
    changed = ask(url, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed["ETag"] != tag


# case P-1, P-2, P-4, P-6
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("shelf_id=1", 404),
        ("", 422),
        ("shelf_id=", 422),
        ("shelf_id=1&shelf_id=1", 422),
        ("shelf_id=1&tab=2", 422),
        ("shelf_id=1&__proto__=2", 422),
        ("Shelf_id=1", 422),
        ("shelf_id=01", 422),
        ("shelf_id=+1", 422),
        ("shelf_id=%2B1", 422),
        ("shelf_id=%D9%A5", 422),
        ("shelf_id=1.0", 422),
        ("shelf_id=1%00", 422),
        (f"shelf_id={2**63}", 422),
        (f"shelf_id={2**63 - 1}", 404),
        ("shelf_id=" + "9" * 5000, 422),
        ("shelf_id=%ff", 400),
        ("shelf_id=1&%ff=1", 400),
    ],
    ids=lambda value: str(value)[:30],
)
def test_parameters_of_a_context(query, status, client, db):
    response = client.get(f"{CTX}shelf/?{query}")
    assert response.status_code == status
    assert response["Content-Type"] == JSON


WRONG = ["longer", "shifted", "tilde", "unsigned", "empty", "twice", "and", "query", "another's"]


# case A-11
@pytest.mark.parametrize(
    ("spoil", "status"),
    [
        (lambda text: text, 200),
        (lambda text: text + "x", 400),
        (lambda text: "x" + text, 400),
        (lambda text: text.replace("~", "."), 400),
        (lambda text: text.partition("~")[0], 400),
        (lambda text: "", 400),
        (lambda text: f"{text}&f={text}", 400),
        (lambda text: f"{text}&f=", 400),
        (lambda text: f"{text}&name=x", 422),
        (lambda text: f"{text}&shelf_id=1", 422),
    ],
    ids=["whole", *WRONG],
)
def test_references_of_fragments(spoil, status, client, hall, owner):
    client.force_login(owner)
    text = spoil(reference("owned"))
    response = client.get(f"{FRAGMENT}?f={text}&shelf_id={hall.pk}")
    assert response.status_code == status
    assert ("Hall" in response.text) is (status == 200)


def test_a_reference_to_a_context_that_is_gone_asks_for_a_new_page(client, db):
    response = client.get(f"{FRAGMENT}?f={reference('news', 'gone')}")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "changed")


# case A-11
def test_a_reference_is_good_while_its_key_is_and_never_says_who_may(client, hall, owner):
    with override_settings(SECRET_KEY="old"):
        old = reference("owned")
    url = f"{FRAGMENT}?f={old}&shelf_id={hall.pk}"
    client.force_login(owner)
    assert client.get(url).status_code == 400
    with override_settings(SECRET_KEY_FALLBACKS=["old"]):
        client.force_login(owner)
        assert client.get(url).status_code == 200
        client.force_login(get_user_model().objects.create_user("other"))
        assert client.get(url).status_code == 403
        client.logout()
        assert client.get(url).status_code == 401


# case A-7
def test_reads_never_save_the_session(client, hall, owner):
    client.force_login(owner)
    before = list(Session.objects.values())
    client.cookies.pop("csrftoken", None)
    signed = reference("shelf")
    for url in (
        f"{FRAGMENT}?f={signed}&shelf_id={hall.pk}",
        f"/api/mizan/ctx/shelf/?shelf_id={hall.pk}",
        f"/api/mizan/fresh/?c=shelf%3Bshelf_id%3D{hall.pk}&c=news",
    ):
        response = client.get(url)
        assert response.status_code == 200
        assert "sessionid" not in response.cookies
    assert list(Session.objects.values()) == before
