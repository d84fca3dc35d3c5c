"""``invalidated`` reaches every receiver, from wherever it is sent, whatever one of them does."""

import asyncio
import logging

import pytest
from asgiref.sync import async_to_sync

from mizan_htmx import Key, recording, signals
from mizan_htmx.invalidation import Invalidation
from mizan_htmx.recording import record
from mizan_htmx.signals import aannounce, announce, invalidated

KEYS = Invalidation([Key("shelf", shelf_id=1)])


@pytest.fixture
def connect():
    connected = []

    def add(receiver):
        invalidated.connect(receiver, weak=False)
        connected.append(receiver)

    yield add
    for receiver in connected:
        invalidated.disconnect(receiver)


def test_receivers_get_the_invalidation(heard):
    announce(KEYS)
    assert heard == [["shelf;shelf_id=1"]]


def test_nothing_is_sent_where_nothing_went_stale(heard):
    with recording():
        pass

    async def nothing():
        async with recording():
            pass

    async_to_sync(nothing)()
    assert heard == []


def failing(keys, **kwargs):
    raise OSError("redis is down")


async def afailing(keys, **kwargs):
    raise OSError("redis is down")


# case I-6
@pytest.mark.parametrize("receiver", [failing, afailing])
@pytest.mark.parametrize("send", [announce, async_to_sync(aannounce)], ids=["sync", "async"])
def test_a_receiver_that_raises_is_logged_and_harms_nobody(receiver, send, connect, caplog):
    told = []
    connect(receiver)
    connect(lambda keys, **kwargs: told.append(keys))
    with caplog.at_level(logging.ERROR, "django.dispatch"):
        send(KEYS)
    assert told == [KEYS]
    assert "redis is down" in caplog.text


def test_async_receivers_are_waited_for(connect):
    told = []

    async def receiver(keys, **kwargs):
        await asyncio.sleep(0)
        told.append(keys)

    connect(receiver)
    announce(KEYS)
    assert told == [KEYS]
    async_to_sync(aannounce)(KEYS)
    assert told == [KEYS, KEYS]


def test_on_a_running_loop_async_receivers_hear_a_moment_later(connect):
    async def receiver(keys, **kwargs):
        told.set_result(keys)

    async def on_the_loop():
        nonlocal told
        told = asyncio.get_running_loop().create_future()
        announce(KEYS)
        assert len(signals._tasks) == 1  # held, for the loop itself holds it weakly
        assert not told.done()
        keys = await told
        await asyncio.gather(*signals._tasks)
        return keys

    told = None
    connect(receiver)
    assert async_to_sync(on_the_loop)() == KEYS
    assert not signals._tasks


def test_a_key_recorded_on_a_loop_outside_of_a_request_reaches_async_receivers(connect):
    async def receiver(keys, **kwargs):
        told.set_result(list(keys))

    async def on_the_loop():
        nonlocal told
        told = asyncio.get_running_loop().create_future()
        record(Key("news"))
        return await told

    told = None
    connect(receiver)
    assert async_to_sync(on_the_loop)() == [Key("news")]


def test_an_async_recording_waits_for_its_receivers(connect):
    told = []

    async def receiver(keys, **kwargs):
        await asyncio.sleep(0)
        told.extend(keys)

    async def on_the_loop():
        async with recording():
            record(Key("news"))
        return list(told)

    connect(receiver)
    assert async_to_sync(on_the_loop)() == [Key("news")]


# case W-3
def test_a_request_cancelled_again_while_receivers_work_stops_none_of_them(connect):
    async def receiver(keys, **kwargs):
        entered.set()
        await released.wait()
        told.set_result(list(keys))

    async def request():
        async with recording():
            record(Key("news"))
            started.set()
            await asyncio.Event().wait()

    async def main():
        nonlocal told
        told = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(request())
        await started.wait()
        task.cancel()
        await entered.wait()
        task.cancel()
        released.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await asyncio.wait_for(told, 5)

    told, started, entered, released = None, asyncio.Event(), asyncio.Event(), asyncio.Event()
    connect(receiver)
    assert asyncio.run(main()) == [Key("news")]
