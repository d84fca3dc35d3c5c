"""Forms: what ``{% mutate %}`` posts, with htmx and to a browser that has nothing but HTML."""

import json

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpResponse
from django.test.client import MULTIPART_CONTENT
from django.utils.encoding import iri_to_uri
from django.utils.http import urlencode

from mizan_htmx import mutation
from tests.library.mizan import news
from tests.library.models import Book

URL = "/api/mizan/call/add_book/"
HTMX, DATA = {"HX-Request": "true"}, {"Accept": "application/json"}
HEADER = "X-Mizan-Invalidate"
URLENCODED = "application/x-www-form-urlencoded"
both_kinds = pytest.mark.parametrize("kind", [URLENCODED, MULTIPART_CONTENT], ids=["url", "multi"])


@pytest.fixture
def post(client):
    def post(path, fields, kind=URLENCODED, **headers):
        body = fields if kind == MULTIPART_CONTENT else urlencode(fields, True)
        extra = {"CONTENT_TYPE": kind}  # also where the body is empty
        return client.post(path, body, kind, headers=headers, **extra)

    client.raise_request_exception = False
    return post


@both_kinds
def test_to_htmx_a_form_answers_nothing_but_the_header(kind, post, hall):
    response = post(URL, {"shelf_id": hall.pk, "title": "x"}, kind, **HTMX)
    assert (response.status_code, response.content) == (204, b"")
    assert response[HEADER] == f"shelf;shelf_id={hall.pk}, news"
    assert Book.objects.filter(title="x", lent=False).count() == 1


@both_kinds
@pytest.mark.parametrize("accept", ["application/json", "application/json, text/plain, */*"])
def test_to_whoever_asks_for_data_it_answers_data(kind, accept, post, hall):
    response = post(URL, {"shelf_id": hall.pk, "title": "x"}, kind, Accept=accept)
    assert response.json()["result"]["title"] == "x"
    assert response.json()["invalidate"][1] == "news"
    assert response[HEADER] == f"shelf;shelf_id={hall.pk}, news"


@pytest.mark.parametrize("accept", ["text/html,application/xhtml+xml,*/*;q=0.8", "*/*", ""])
def test_a_browser_goes_on_where_it_was_and_brings_the_keys_along(
    accept, post, hall, client, serve
):
    serve("page/", lambda request: HttpResponse())
    page = {"Referer": "http://testserver/page/?tab=2"}
    response = post(URL, {"shelf_id": hall.pk, "title": "x"}, Accept=accept, **page)
    assert response.status_code == 303
    assert response["Location"] == "http://testserver/page/?tab=2"
    keys = f"shelf;shelf_id={hall.pk}, news"
    assert response[HEADER] == keys
    assert client.get("/page/?tab=2")[HEADER] == keys


GOOD = [
    "/next/",
    "/next/?a=1&b=2#c",
    "http://testserver/next/",
    "//testserver/next/",
]
# Of this site, but relative to a page that is not known: below call/ there is nothing to see.
RELATIVE = ["next/", "?page=2", "#top", "./", "../"]
EVIL = [
    "https://evil.test/",
    "//evil.test/",
    "///evil.test/",
    "http:///evil.test/",
    "http:evil.test",
    "\\\\evil.test/",
    "/\\evil.test/",
    "http:\\\\evil.test/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "\x00//evil.test/",
    "\x08//evil.test/",
    "\n//evil.test/",
    " //evil.test/",
    "http://testserver@evil.test/",
    "http://testserver.evil.test/",
    "http://[::1/",
    "ftp://testserver/",
    "",
]


@pytest.mark.parametrize("where", ["body", "query", "referer"])
@pytest.mark.parametrize(
    ("target", "good"), [(t, True) for t in GOOD] + [(t, False) for t in EVIL + RELATIVE]
)
def test_where_it_goes_on_is_of_this_site(target, good, where, post, hall):
    fields, path, headers = {"shelf_id": hall.pk, "title": "x"}, URL, {}
    if where == "body":
        fields["next"] = target
    elif where == "query":
        path = f"{URL}?{urlencode({'next': target})}"
    else:
        headers["Referer"] = target
    response = post(path, fields, **headers)
    assert response.status_code == 303
    assert response["Location"] == (target if good else "/")


@pytest.mark.parametrize("letter", ["a", "漢"])
@pytest.mark.parametrize("length", [1_900, 20_000])
def test_what_is_too_long_for_a_redirect_undoes_nothing(letter, length, post, hall):
    target = f"/{letter * length}"
    response = post(URL, {"shelf_id": hall.pk, "title": "x", "next": target})
    assert response.status_code == 303
    assert response["Location"] in ("/", iri_to_uri(target))
    assert response[HEADER] == f"shelf;shelf_id={hall.pk}, news"


def test_next_comes_before_the_page_it_came_from(post, hall):
    fields = {"shelf_id": hall.pk, "title": "x"}
    came = {"Referer": "http://testserver/came/"}
    assert post(f"{URL}?next=/b/", {**fields, "next": "/a/"}, **came)["Location"] == "/a/"
    assert post(f"{URL}?next=/b/", {**fields, "next": "//evil.test"}, **came)["Location"] == "/b/"
    assert post(URL, fields, **came)["Location"] == "http://testserver/came/"


def test_over_https_nobody_is_sent_back_to_http(client, hall):
    fields = {"shelf_id": hall.pk, "title": "x", "next": "http://testserver/a/"}
    assert client.post(URL, fields, secure=True)["Location"] == "/"
    assert client.post(URL, {**fields, "next": "https://testserver/a/"}, secure=True)[
        "Location"
    ] == ("https://testserver/a/")


@both_kinds
def test_a_response_of_the_mutations_own_goes_out_as_it_is(kind, post, hall):
    fields = {"shelf_id": hall.pk, "name": "Cellar", "next": "/a/"}
    for headers in ({}, HTMX, DATA):
        response = post("/api/mizan/call/rename/", fields, kind, **headers)
        assert (response.status_code, response.text.strip()) == (200, "<h1>Cellar</h1>")
        assert response[HEADER] == f"shelf;shelf_id={hall.pk}"


# protocol.md, "Arguments"
ARGUMENTS = [
    ("", {"title": "x"}, 422),
    ("", {"title": "x", "shelf_id": ""}, 422),
    ("", {"title": "x", "shelf_id": "ID", "button": "save", "_method": "PUT"}, "x"),
    ("", {"title": ["x", "y"], "shelf_id": "ID"}, 422),
    ("", {"title": "x", "shelf_id": ["ID", "ID"]}, 422),
    ("?shelf_id=ID", {"title": "x"}, "x"),
    ("?shelf_id=ID", {"title": "x", "shelf_id": "999"}, "x"),
    ("?shelf_id=ID&title=won", {"title": ["x", "y"], "shelf_id": "999"}, "won"),
    ("?shelf_id=ID&title=a&title=b", {"title": "x"}, 422),
    ("?shelf_id=ID&unknown=1", {"title": "x"}, "x"),
    ("?shelf_id=ID", {"title": " "}, 422),
    ("?shelf_id=ID", {"title": "x", "csrfmiddlewaretoken": "y", "next": "/", "f": "z"}, "x"),
    ("?shelf_id=%ff", {"title": "x"}, 400),
]


@both_kinds
@pytest.mark.parametrize(("query", "fields", "outcome"), ARGUMENTS)
def test_arguments(query, fields, outcome, kind, post, hall):
    filled = json.loads(json.dumps([query, fields]).replace("ID", str(hall.pk)))
    response = post(URL + filled[0], filled[1], kind, **HTMX)
    if isinstance(outcome, int):
        assert response.status_code == outcome
        assert Book.objects.count() == 2
    else:
        assert response.status_code == 204
        assert Book.objects.last().title == outcome


@pytest.mark.parametrize(
    ("lent", "value"),
    [({}, False), ({"lent": "on"}, True), ({"lent": "true"}, True), ({"lent": "false"}, False)],
)
def test_a_checkbox(lent, value, post, hall):
    assert post(URL, {"shelf_id": hall.pk, "title": "x", **lent}, **HTMX).status_code == 204
    assert Book.objects.last().lent is value


@both_kinds
def test_lists_and_what_was_not_filled_in(kind, post, declaring, db):
    @mutation
    def take(request, ids: list[int], note: str | None, price: int | None = 5) -> list:
        return [ids, note, price]

    declaring.close()
    url = "/api/mizan/call/take/"
    for fields, taken in [
        ({"ids": [1, 2], "note": "", "price": ""}, [[1, 2], "", None]),
        ({"ids": [1]}, [[1], None, 5]),
    ]:
        assert post(url, fields, kind, **DATA).json()["result"] == taken
    assert post(f"{url}?ids=3&ids=4", {"ids": 1}, kind, **DATA).json()["result"] == [
        [3, 4],
        None,
        5,
    ]


def test_files(post, declaring, db):
    @mutation(affects=news)
    def upload(request, file: UploadedFile) -> str:
        return file.read().decode()

    declaring.close()
    url, file = "/api/mizan/call/upload/", SimpleUploadedFile("a.txt", b"content")
    assert post(url, {"file": file}, MULTIPART_CONTENT, **DATA).json()["result"] == "content"
    assert post(url, {"file": "text"}, MULTIPART_CONTENT, **DATA).status_code == 422
    assert post(url, {"file": "text"}, URLENCODED, **DATA).status_code == 422


# case P-6
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (URLENCODED, b"shelf_id=ID&title=%ff"),
        (URLENCODED, b"shelf_id=ID&title=\xff"),
        (URLENCODED, b"shelf_id=ID&title=x&%ff=y"),
        ("multipart/form-data; boundary=b", b"\xff"),
    ],
)
def test_a_form_that_is_no_utf_8_is_refused(kind, body, client, hall):
    if kind != URLENCODED:
        part = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        body = part % (b"shelf_id", b"ID") + part % (b"title", body) + b"--b--\r\n"
    body = body.replace(b"ID", str(hall.pk).encode())
    response = client.post(URL, body, content_type=kind, headers=HTMX)
    assert (response.status_code, Book.objects.count()) == (400, 2)


@both_kinds
def test_errors_to_htmx_are_data_and_swap_nothing(kind, post, hall):
    response = post(URL, {"shelf_id": "x"}, kind, **HTMX)
    assert response.status_code == 422
    assert response["HX-Reswap"] == "none"
    assert response["Content-Type"] == "application/json"
    assert [detail["loc"] for detail in response.json()["error"]["details"]] == [
        ["shelf_id"],
        ["title"],
    ]


@both_kinds
def test_errors_to_whoever_asks_for_data_are_data(kind, post, hall):
    response = post(URL, {"shelf_id": "x"}, kind, **DATA)
    assert response.json()["error"]["code"] == "invalid"
    assert "HX-Reswap" not in response.headers


@both_kinds
def test_errors_to_a_browser_are_a_page(kind, post, hall):
    response = post(URL, {"shelf_id": "<script>x</script>"}, kind)
    assert response.status_code == 422
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert HEADER not in response.headers
    page = BeautifulSoup(response.text, "html.parser")
    assert page.h1.text == page.title.text
    assert [item.text.split()[0] for item in page.find_all("li")] == ["shelf_id", "title"]
    assert page.script is None
    assert post("/api/mizan/call/nothing/", {}, kind).status_code == 404


# case X-10
def test_what_an_error_page_quotes_is_escaped(post, declaring, db):
    @mutation
    def fails(request):
        raise PermissionError("<script>alert(1)</script>")

    declaring.close()
    response = post("/api/mizan/call/fails/", {})
    assert response.status_code == 500
    assert "<script" not in response.text
