"""Views that say a context went stale, and answer in every shape a response has."""

import asyncio
import json

from asgiref.sync import sync_to_async
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from tests.servers.mizan import note


async def chunks():
    for chunk in ("st", "rea", "med"):
        yield chunk


def broken(is_async):
    raise RuntimeError("after the key was recorded")


SHAPES = {
    "ok": lambda is_async: HttpResponse("done"),
    "empty": lambda is_async: HttpResponse(status=204),
    "redirect": lambda is_async: redirect("/seen/"),
    "refused": lambda is_async: HttpResponse("refused", status=422),
    "streamed": lambda is_async: StreamingHttpResponse(
        chunks() if is_async else iter(["st", "rea", "med"])
    ),
    "broken": broken,
}


def value_of(request):
    return json.loads(request.body)["value"]


@csrf_exempt
def tell(request, shape):
    note.invalidate(text=value_of(request))
    return SHAPES[shape](is_async=False)


@csrf_exempt
async def atell(request, shape):
    value = value_of(request)
    await asyncio.sleep(0)
    note.invalidate(text=value)
    return SHAPES[shape](is_async=hasattr(request, "scope"))


@csrf_exempt
async def spread(request):
    """The value with a suffix from every place an async view may reach."""
    value = value_of(request)

    def record(suffix):
        note.invalidate(text=value + suffix)

    async def in_task():
        await asyncio.sleep(0)
        record(" task")

    await sync_to_async(record)(" sync_to_async")
    await asyncio.to_thread(record, " to_thread")
    await asyncio.gather(in_task(), sync_to_async(record)(" gathered"))
    record(" view")
    return HttpResponse("done")


def seen(request):
    return HttpResponse("seen")


def page(request):
    return render(request, "servers/page.html")
