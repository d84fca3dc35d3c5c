"""What is recorded where: inside, outside, while reading, and too late."""

import asyncio
import logging
import threading

import pytest
from asgiref.sync import async_to_sync
from django.test import override_settings

from mizan_htmx import Key, recording
from mizan_htmx.exceptions import RecordingError
from mizan_htmx.recording import _current, pending, reading, record

KEY, OTHER = Key("shelf", shelf_id=1), Key("news")
STALE, NEWS = ["shelf;shelf_id=1"], ["news"]


class Undo(Exception):
    pass


@pytest.mark.django_db
def test_outside_of_everything_nothing_is_pending():
    record(KEY)
    assert not pending()
    with recording():
        record(KEY)
        assert list(pending()) == [KEY]
    assert not pending()


# case I-18
@pytest.mark.django_db
def test_what_an_inner_recording_collects_reaches_the_outer_one(heard):
    inner = recording()

    def view():
        with inner:
            record(KEY)
            raise Undo

    with recording() as outer:
        record(OTHER)
        with pytest.raises(Undo):
            view()
    assert list(inner) == [KEY]
    assert list(outer) == [OTHER, KEY]


# case I-19
@pytest.mark.django_db
def test_a_closed_recording_takes_no_more(heard, caplog):
    async def request():
        async with recording() as recorded:
            task = asyncio.create_task(after())
            record(KEY)
        closed.set()
        await task
        return recorded

    async def after():
        await closed.wait()
        record(OTHER)

    closed = asyncio.Event()
    recorded = async_to_sync(request)()
    assert list(recorded) == [KEY]
    assert heard == [STALE, NEWS]
    assert not caplog.records  # nothing is too late where nothing streams


@pytest.mark.django_db
@pytest.mark.parametrize("error", [asyncio.CancelledError, Undo])
def test_an_async_recording_that_ends_badly_is_told_of_too(error, heard):
    async def request():
        async with recording():
            record(KEY)
            raise error

    with pytest.raises(error):
        asyncio.run(request())
    assert heard == [STALE]


# case W-2
def test_a_thread_of_its_own_is_outside_of_every_recording(heard):
    with recording() as recorded:
        thread = threading.Thread(target=record, args=[KEY])
        thread.start()
        thread.join()
    assert heard == [STALE]
    assert not recorded


# case I-13, I-14
def test_while_something_is_read_nothing_may_be_recorded(heard):
    with recording() as recorded:
        with (
            reading("the query shop.total"),
            reading("a fragment"),
            pytest.raises(
                RecordingError, match=r"shelf;shelf_id=1 was recorded while a fragment was read"
            ),
        ):
            record(KEY)
        with reading("the query shop.total"), pytest.raises(RecordingError, match=r"shop\.total"):
            asyncio.run(asyncio.to_thread(record, KEY))
        record(OTHER)
    assert list(recorded) == [OTHER]


def late(recorded):
    """The body of a streamed answer that writes when its headers are gone."""
    yield b"one"
    record(KEY)
    yield b"two"


async def alate(recorded):
    for chunk in late(recorded):
        yield chunk


def consume(recorded, body):
    """All chunks, and what a consumer's own code would record into between them."""
    if body is late:
        return [(chunk, _current.get()) for chunk in recorded.stream(late(recorded))]

    async def collect():
        return [(chunk, _current.get()) async for chunk in recorded.astream(alate(recorded))]

    return async_to_sync(collect)()


# case H-16
@pytest.mark.parametrize("body", [late, alate])
def test_a_key_recorded_too_late_is_logged_and_told_of(body, heard, caplog):
    with recording() as recorded:
        pass
    with caplog.at_level(logging.ERROR, "mizan_htmx"):
        assert consume(recorded, body) == [(b"one", None), (b"two", None)]
    assert heard == [STALE]
    assert "shelf;shelf_id=1 was recorded in a streamed body" in caplog.text


@pytest.mark.parametrize("body", [late, alate])
def test_and_where_debug_is_on_it_raises(body, heard):
    with recording() as recorded:
        pass
    with (
        override_settings(DEBUG=True),
        pytest.raises(RecordingError, match="record it in the view"),
    ):
        consume(recorded, body)
    assert _current.get() is None
    assert heard == []


# case H-15
def test_a_long_key_is_not_logged_whole(caplog):
    with recording() as recorded:
        pass
    list(recorded.stream(record(Key("shelf", name="x" * 5000)) for _ in range(1)))
    assert caplog.records
    assert all(len(line) < 400 for line in caplog.messages)
