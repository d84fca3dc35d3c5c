"""The middleware writes what the whole request made stale, and whose session answered."""

import gzip
import io

import pytest
from asgiref.sync import async_to_sync, iscoroutinefunction
from django.contrib.auth import SESSION_KEY, get_user_model, login, logout
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models.signals import post_save
from django.http import FileResponse, Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import AsyncClient, AsyncRequestFactory, Client, RequestFactory
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import etag

from mizan_htmx import http
from mizan_htmx.exceptions import RecordingError
from mizan_htmx.middleware import MizanMiddleware
from tests.library.mizan import book, news, shelf
from tests.library.models import Shelf

HEADER, EPOCH = "X-Mizan-Invalidate", "X-Mizan-Epoch"
HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.django_db


def raises(error):
    raise error


def chunks():
    yield b"one"
    yield b"two"


async def achunks():
    yield b"one"
    yield b"two"


# case H-16
ANSWERS = {
    "200": HttpResponse,
    "201": lambda: HttpResponse(status=201),
    "204": lambda: HttpResponse(status=204),
    "302": lambda: HttpResponse(status=302, headers={"Location": "http://elsewhere.test/"}),
    "400": lambda: HttpResponse(status=400),
    "404": lambda: raises(Http404),
    "422": lambda: JsonResponse({}, status=422),
    "500": lambda: raises(ValueError),
    "503": lambda: HttpResponse(status=503),
    "stream": lambda: StreamingHttpResponse(chunks()),
    "file": lambda: FileResponse(io.BytesIO(b"onetwo")),
}


# case H-16
@pytest.mark.parametrize("method", ["post", "delete", "get", "head"])
@pytest.mark.parametrize("answer", ANSWERS)
def test_every_answer_to_an_unsafe_request_carries_the_keys(answer, method, send, serve):
    @csrf_exempt
    def view(request):
        shelf.invalidate(shelf_id=1)
        return ANSWERS[answer]()

    serve("write/", view)
    response = send(method, "/write/")
    assert response.status_code == (int(answer) if answer.isdigit() else 200)
    expected = "shelf;shelf_id=1" if method in ("post", "delete") else None
    assert response.headers.get(HEADER) == expected


# case H-16
def test_a_streamed_body_goes_through_whole(serve):
    @csrf_exempt
    def view(request):
        return ANSWERS[request.GET["answer"]]()

    @csrf_exempt
    async def aview(request):
        return StreamingHttpResponse(achunks())

    async def read(path):
        response = await AsyncClient().post(path)
        return [chunk async for chunk in response.streaming_content]

    serve("write/", view)
    serve("awrite/", aview)
    for answer in ("stream", "file"):
        response = Client().post(f"/write/?answer={answer}")
        assert b"".join(response.streaming_content) == b"onetwo"
        response.close()
    assert async_to_sync(read)("/awrite/") == [b"one", b"two"]


def late():
    yield b"one"
    shelf.invalidate(shelf_id=1)
    yield b"two"


async def alate():
    for chunk in late():
        yield chunk


# case H-16
@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("method", ["post", "get"])
def test_a_streamed_body_that_records_speaks_up(
    method, is_async, debug, serve, settings, heard, caplog
):
    @csrf_exempt
    def view(request):
        return StreamingHttpResponse(late())

    @csrf_exempt
    async def aview(request):
        return StreamingHttpResponse(alate())

    async def aread():
        response = await getattr(AsyncClient(), method)("/write/")
        return [chunk async for chunk in response.streaming_content], response

    def read():
        if is_async:
            return async_to_sync(aread)()
        response = getattr(Client(), method)("/write/")
        return list(response.streaming_content), response

    settings.DEBUG = debug
    serve("write/", aview if is_async else view)
    if debug and method == "post":
        with pytest.raises(RecordingError, match="after the headers were sent"):
            read()
        assert heard == []
        return
    body, response = read()
    assert body == [b"one", b"two"]
    assert HEADER not in response.headers
    assert heard == [["shelf;shelf_id=1"]]
    assert ("after the headers were sent" in caplog.text) is (method == "post")


class Recording:
    """A middleware that writes, too."""

    sync_capable, async_capable = True, False

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        news.invalidate()
        return self.get_response(request)


# case H-10
def test_whoever_records_in_one_request_it_is_one_header(send, serve, settings, heard):
    def helper():
        shelf.invalidate(shelf_id=1)

    @csrf_exempt
    def view(request):
        helper()
        helper()
        Shelf.objects.create(name="x")
        shelf.invalidate(shelf_id=2)
        return HttpResponse()

    def receiver(**kwargs):
        book.invalidate()

    post_save.connect(receiver, sender=Shelf)
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Recording"]
    serve("write/", view)
    response = send("post", "/write/")
    post_save.disconnect(receiver, sender=Shelf)
    assert response[HEADER] == "news, shelf;shelf_id=1, shelf;shelf_id=2, book"
    assert [name.lower() for name in response.headers].count(HEADER.lower()) == 1
    assert heard == [response[HEADER].split(", ")]


# case A-9
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", [HEADER, "X_Mizan_Invalidate", "X-Forwarded-X-Mizan-Invalidate"])
def test_what_a_client_says_went_stale_is_ignored(name, method, send, serve, heard):
    serve("page/", csrf_exempt(lambda request: HttpResponse()))
    response = send(method, "/page/", headers={name: "*, shelf"})
    assert HEADER not in response.headers
    assert heard == []


# case H-19
@pytest.mark.parametrize(
    "between",
    [
        ["django.middleware.gzip.GZipMiddleware"],
        ["django.middleware.http.ConditionalGetMiddleware"],
        ["django.middleware.common.CommonMiddleware"],
        [
            "django.middleware.gzip.GZipMiddleware",
            "django.middleware.http.ConditionalGetMiddleware",
        ],
    ],
    ids=["gzip", "conditional", "common", "both"],
)
def test_the_header_survives_what_stands_inside(between, send, serve, settings, hall):
    @csrf_exempt
    def view(request):
        shelf.invalidate(shelf_id=1)
        return HttpResponse("long " * 100)

    settings.MIDDLEWARE = [settings.MIDDLEWARE[0], *between, *settings.MIDDLEWARE[1:]]
    serve("write/", view)
    zipped = {"Accept-Encoding": "gzip"}
    response = send("post", "/write/", headers=zipped)
    assert response[HEADER] == "shelf;shelf_id=1"
    packed = response.headers.get("Content-Encoding") == "gzip"
    assert packed is (between[0].endswith("GZipMiddleware"))
    assert len(gzip.decompress(response.content) if packed else response.content) == 500
    body = {"shelf_id": hall.pk, "title": "x" * 190}
    url = "/api/mizan/call/add_book/"
    response = send("post", url, body, headers={**zipped, "Accept": "application/json"})
    text = gzip.decompress(response.content) if packed else response.content
    assert b'"invalidate":[{"context":"shelf"' in text
    assert response[HEADER] == f"shelf;shelf_id={hall.pk}, news"
    assert int(response["Content-Length"]) == len(response.content)


# case H-19
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_304_never_carries_the_header_but_the_epoch(method, send, serve):
    @etag(lambda request: "same")
    def view(request):
        shelf.invalidate()
        return HttpResponse()

    serve("page/", view)
    response = send(method, "/page/", headers={**HTMX, "If-None-Match": '"same"'})
    assert response.status_code == 304
    assert HEADER not in response.headers
    assert response[EPOCH] == http.epoch(None)


ASKS = [
    ("/page/", HTMX, True),
    ("/page/", {EPOCH: "whatever"}, True),
    ("/page/", {}, False),
    ("/page/", {"HX-Request": "false"}, False),
    ("/nowhere/", HTMX, True),
    ("/nowhere/", {}, False),
    ("/fails/", HTMX, True),
    ("/api/mizan/session/", {}, True),
    ("/api/mizan/ctx/news/", {}, True),
    ("/api/mizan/ctx/nothing/", {}, True),
]


@pytest.mark.parametrize(("path", "headers", "told"), ASKS)
def test_who_asks_as_htmx_or_the_kernel_is_told_whose_session_it_is(
    path, headers, told, send, serve
):
    serve("page/", lambda request: HttpResponse())
    serve("fails/", lambda request: raises(ValueError))
    response = send("get", path, headers=headers)
    assert response.headers.get(EPOCH) == (http.epoch(None) if told else None)
    assert ("Cookie" in response.headers.get("Vary", "")) is told


def test_a_page_that_uses_nothing_pays_nothing(send, serve, owner, django_assert_num_queries):
    serve("page/", lambda request: HttpResponse())
    send.client.force_login(owner)
    with django_assert_num_queries(0):
        assert send("get", "/page/").status_code == 200
    with django_assert_num_queries(1):  # the session alone; the user is not asked for
        assert send("get", "/page/", headers=HTMX)[EPOCH] == http.epoch(owner.pk)


def test_the_epoch_is_the_sessions_after_the_view(send, serve, owner):
    other = get_user_model().objects.create_user("other")
    serve("in/", csrf_exempt(lambda request: login(request, owner) or HttpResponse()))
    serve("out/", csrf_exempt(lambda request: logout(request) or HttpResponse()))
    serve("impersonate/", lambda request: setattr(request, "user", other) or HttpResponse())
    epochs = [
        send(method, path, headers=HTMX)[EPOCH]
        for method, path in [("post", "/in/"), ("get", "/impersonate/"), ("post", "/out/")]
    ]
    assert epochs == [http.epoch(owner.pk), http.epoch(owner.pk), http.epoch(None)]
    assert len({http.epoch(owner.pk), http.epoch(other.pk), http.epoch(None)}) == 3


def before_sessions(get_response):
    """A middleware that answers for itself."""
    return lambda request: HttpResponse(status=503)


def test_the_epoch_is_the_users_also_where_nobody_opened_the_session(client, owner, settings):
    mizan, *others = settings.MIDDLEWARE
    settings.MIDDLEWARE = [mizan, f"{__name__}.before_sessions", *others]
    assert client.get("/", headers=HTMX)[EPOCH] == http.epoch(None)
    client.force_login(owner)
    response = client.get("/", headers=HTMX)
    assert response.status_code == 503
    assert response[EPOCH] == http.epoch(owner.pk)


class Broken(DatabaseStore):
    def load(self):
        raise ConnectionError("the session store is down")

    aload = load


SessionStore = Broken  # as an engine names it


# cases INV-1, INV-8
def test_a_session_that_cannot_be_read_costs_the_epoch_alone(send, serve, settings, caplog):
    settings.SESSION_ENGINE = __name__
    serve("write/", csrf_exempt(lambda request: shelf.invalidate() or HttpResponse()))
    send.client.cookies["sessionid"] = "k" * 32
    response = send("post", "/write/", headers=HTMX)
    assert response.status_code == 200
    assert response[HEADER] == "shelf"
    assert EPOCH not in response.headers
    assert "the session cannot be read" in caplog.text


def test_an_epoch_is_no_users_id_and_the_same_each_time():
    assert http.epoch(5) == http.epoch("5") != http.epoch(6)
    assert len(http.epoch(5)) == 16


# case I-13
def test_login_and_logout_record_nothing(send, serve, owner, heard):
    serve("in/", csrf_exempt(lambda request: login(request, owner) or HttpResponse()))
    serve("out/", csrf_exempt(lambda request: logout(request) or HttpResponse()))
    for path in ("/in/", "/out/"):
        assert HEADER not in send("post", path).headers
    assert heard == []


class Session(dict):
    async def aget(self, name):
        return self[name]


@pytest.mark.parametrize("session", [None, {}, {SESSION_KEY: "7"}])
@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_the_middleware_is_what_it_wraps(is_async, session):
    def view(request):
        shelf.invalidate()
        return HttpResponse()

    async def aview(request):
        return view(request)

    factory = AsyncRequestFactory() if is_async else RequestFactory()
    request = factory.post("/", headers=HTMX)
    if session is not None:
        request.session = Session({SESSION_KEY: None, **session})
    middleware = MizanMiddleware(aview if is_async else view)
    assert iscoroutinefunction(middleware) is is_async
    response = async_to_sync(middleware)(request) if is_async else middleware(request)
    assert response[HEADER] == "shelf"
    assert response[EPOCH] == http.epoch((session or {}).get(SESSION_KEY))
