"""One recording per request, whatever runs beside it and wherever its parts run: group W."""

import asyncio
import contextvars
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import transaction
from django.http import HttpResponse
from django.test import AsyncRequestFactory, RequestFactory
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from mizan_htmx import affects, mutation, recording
from mizan_htmx.middleware import MizanMiddleware
from tests.library.mizan import news, shelf
from tests.library.models import Shelf

HEADER = "X-Mizan-Invalidate"


def said(response):
    return response.headers.get(HEADER)


# case W-1
def test_eight_threads_hear_of_their_own_keys_only(heard):
    threads, requests = 8, 500
    barrier = threading.Barrier(threads)

    def view(request):
        shelf.invalidate(shelf_id=request.token)
        barrier.wait()  # all eight requests are open now
        news.invalidate()
        return HttpResponse()

    middleware = MizanMiddleware(view)

    def work(thread):
        foreign = []
        for number in range(requests):
            request = RequestFactory().post("/")
            request.token = thread * requests + number
            answer = said(middleware(request))
            if answer != f"shelf;shelf_id={request.token}, news":
                foreign.append((request.token, answer))
        return foreign

    with ThreadPoolExecutor(threads) as pool:
        assert list(chain.from_iterable(pool.map(work, range(threads)))) == []
    assert len({text for text, _ in heard}) == threads * requests == len(heard)


# case W-1
def test_two_hundred_coroutines_hear_of_their_own_keys_only():
    coroutines, requests = 200, 50
    factory = AsyncRequestFactory()

    async def view(request):
        shelf.invalidate(shelf_id=request.token)
        await asyncio.sleep(0)  # every other coroutine gets its turn here
        news.invalidate()
        return HttpResponse()

    middleware = MizanMiddleware(view)

    async def work(coroutine):
        foreign = []
        for number in range(requests):
            request = factory.post("/")
            request.token = coroutine * requests + number
            answer = said(await middleware(request))
            if answer != f"shelf;shelf_id={request.token}, news":
                foreign.append((request.token, answer))
        return foreign

    async def main():
        return await asyncio.gather(*map(work, range(coroutines)))

    assert list(chain.from_iterable(asyncio.run(main()))) == []


def sync_view(request):
    shelf.invalidate()
    return HttpResponse()


async def async_view(request):
    shelf.invalidate()
    return HttpResponse()


async def sync_to_async_view(request):
    await sync_to_async(shelf.invalidate)()
    return HttpResponse()


async def sync_to_async_thread_view(request):
    await sync_to_async(shelf.invalidate, thread_sensitive=False)()
    return HttpResponse()


async def to_thread_view(request):
    await asyncio.to_thread(shelf.invalidate)
    return HttpResponse()


async def gather_view(request):
    async def one(number):
        await asyncio.sleep(0)
        shelf.invalidate(shelf_id=number)

    await asyncio.gather(*map(one, range(3)))
    shelf.invalidate()
    return HttpResponse()


async def task_view(request):
    await asyncio.create_task(async_view(request))
    return HttpResponse()


def async_to_sync_view(request):
    return async_to_sync(async_view)(request)


def copied_context_view(request):
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=[shelf.invalidate])
    thread.start()
    thread.join()
    return HttpResponse()


@affects(shelf)
async def affected_view(request):
    await asyncio.sleep(0)
    return HttpResponse()


@affects("shelf")
class AffectedView(View):
    async def post(self, request):
        return HttpResponse()


VIEWS = [
    sync_view,
    async_view,
    sync_to_async_view,
    sync_to_async_thread_view,
    to_thread_view,
    gather_view,
    task_view,
    async_to_sync_view,
    copied_context_view,
    affected_view,
    AffectedView.as_view(),
]


# case W-2
@pytest.mark.django_db
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_wherever_a_view_records_it_is_its_requests(view, send, serve, heard):
    serve("write/", csrf_exempt(view))
    assert said(send("post", "/write/")) == "shelf"
    assert heard == [["shelf"]]


# case W-2
@pytest.mark.django_db
def test_a_thread_of_its_own_is_nobodys_and_closes_at_once(send, serve, heard):
    def view(request):
        thread = threading.Thread(target=news.invalidate)
        thread.start()
        thread.join()
        assert heard == [["news"]]
        return HttpResponse()

    serve("write/", csrf_exempt(view))
    response = send("post", "/write/")
    assert (response.status_code, said(response)) == (200, None)
    assert heard == [["news"]]


# case W-4
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("fate", "status", "keys"),
    [
        ("commit", 200, "shelf"),
        ("raise", 500, None),
        ("savepoint", 200, "news"),
        ("set_rollback", 200, None),
        ("422", 422, "shelf"),
    ],
)
def test_an_async_view_may_keep_its_transaction_in_a_thread(fate, status, keys, send, serve, heard):
    def write():
        with transaction.atomic():
            if fate == "savepoint":
                news.invalidate()
            try:
                with transaction.atomic():
                    Shelf.objects.create(name="x")
                    shelf.invalidate()
                    if fate in ("raise", "savepoint"):
                        raise ValueError
            except ValueError:
                if fate == "raise":
                    raise
            transaction.set_rollback(fate == "set_rollback")

    async def view(request):
        await sync_to_async(write)()
        return HttpResponse(status=422 if fate == "422" else 200)

    serve("write/", csrf_exempt(view))
    response = send("post", "/write/")
    assert (response.status_code, said(response)) == (status, keys)
    assert heard == ([[keys]] if keys else [])
    assert Shelf.objects.exists() is (keys == "shelf")


# case W-2
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("url", ["call", "form", "json"])
def test_calls_of_either_kind_under_either_handler(kind, url, send, declaring, hall):
    if kind == "sync":

        @mutation(affects=shelf)
        def arrival(request, shelf_id: int) -> str:
            return Shelf.objects.get(pk=shelf_id).name
    else:

        @mutation(affects=shelf)
        async def arrival(request, shelf_id: int) -> str:
            return (await Shelf.objects.aget(pk=shelf_id)).name

    declaring.close()
    path, data = "/api/mizan/call/arrival/", {"shelf_id": hall.pk}
    if url == "form":
        response = send("post", path, data, headers={"Accept": "application/json"})
    else:
        path, data = (
            (path, data) if url == "json" else ("/api/mizan/call/", {"fn": "arrival", "args": data})
        )
        response = send("post", path, data, content_type="application/json")
    assert response.json()["result"] == "Hall"
    assert said(response) == f"shelf;shelf_id={hall.pk}"


# case W-2
@pytest.mark.django_db
@pytest.mark.parametrize("context", ["shelf", "news"])
def test_contexts_with_either_kind_of_query_under_either_handler(context, send, hall):
    path = f"/api/mizan/ctx/{context}/"
    response = send("get", path, {"shelf_id": hall.pk} if context == "shelf" else {})
    assert response.status_code == 200
    assert "Emma" in response.text


# case W-3
@pytest.mark.django_db
def test_a_client_that_leaves_takes_no_committed_key_along(heard):
    async def view(request):
        shelf.invalidate()
        written.set()
        await asyncio.Event().wait()

    async def main():
        task = asyncio.create_task(MizanMiddleware(view)(AsyncRequestFactory().post("/")))
        await written.wait()
        task.cancel()
        await task

    written = asyncio.Event()
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(main())
    assert heard == [["shelf"]]


@pytest.mark.django_db
def test_one_recording_inside_another_in_each_of_many_tasks():
    async def one(number):
        async with recording() as recorded:
            await asyncio.sleep(0)
            shelf.invalidate(shelf_id=number)
            await asyncio.sleep(0)
        return [str(key) for key in recorded]

    async def main():
        return await asyncio.gather(*map(one, range(50)))

    assert asyncio.run(main()) == [[f"shelf;shelf_id={number}"] for number in range(50)]
