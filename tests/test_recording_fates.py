"""A key lives as long as its transaction: the table of what becomes of it."""

import contextvars
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import TestCase

from mizan_htmx import Key, recording
from mizan_htmx.recording import pending, record
from mizan_htmx.signals import invalidated
from tests.library.models import Book

KEY, OTHER = Key("shelf", shelf_id=1), Key("news")
STALE, NEWS = ["shelf;shelf_id=1"], ["news"]

# Django 6.1 calls it savepoint_create.
SAVEPOINT = getattr(transaction, "savepoint_create", None) or transaction.savepoint

committing = pytest.mark.django_db(transaction=True, databases=["default", "other"])


class Undo(Exception):
    pass


def rolled_back(*blocks, using=None, key=KEY):
    """Record inside nested transactions and leave all of them by an exception."""
    try:
        with transaction.atomic(using=using):
            if blocks:
                rolled_back(*blocks[1:], using=using, key=key)
            record(key, using=using)
            raise Undo
    except Undo:
        pass


def autocommit():
    record(KEY)


def commit():
    with transaction.atomic():
        record(KEY)


def rollback():
    rolled_back()


def savepoint_released():
    with transaction.atomic(), transaction.atomic():
        record(KEY)


def savepoint_dropped():
    with transaction.atomic():
        record(OTHER)
        rolled_back()


def savepoint_dropped_before():
    with transaction.atomic():
        rolled_back()
        record(OTHER)


def released_then_dropped():
    rolled_back("inner")


def set_rollback():
    with transaction.atomic():
        record(KEY)
        transaction.set_rollback(True)


def set_rollback_inside():
    with transaction.atomic():
        record(OTHER)
        with transaction.atomic():
            record(KEY)
            transaction.set_rollback(True)


def no_savepoint():
    with transaction.atomic():
        try:
            with transaction.atomic(savepoint=False):
                record(KEY)
                raise Undo
        except Undo:
            transaction.set_rollback(False)


def no_savepoint_and_all_undone():
    with transaction.atomic():
        try:
            with transaction.atomic(savepoint=False):
                record(KEY)
                raise Undo
        except Undo:
            pass


def by_hand():
    with transaction.atomic():
        mark = SAVEPOINT()
        record(KEY)
        transaction.savepoint_rollback(mark)  # Django keeps its callbacks: one key too many


def deferred_constraint():
    try:
        with transaction.atomic():
            Book.objects.create(shelf_id=999, title="nowhere")
            record(KEY)
    except IntegrityError:
        assert not transaction.get_connection().in_atomic_block


def other_database_committed():
    rolled_back()
    record(KEY, using="other")


def other_database_rolled_back():
    with transaction.atomic():
        record(OTHER)
        rolled_back(using="other")


def wrong_database_rolled_back():
    with transaction.atomic(using="other"):
        rolled_back(key=OTHER)
        record(KEY, using="other")


def twice():
    commit()
    rollback()
    commit()


# case I-1, I-2, I-3, I-7, I-12
FATES = {
    autocommit: STALE,
    commit: STALE,
    rollback: [],
    savepoint_released: STALE,
    savepoint_dropped: NEWS,
    savepoint_dropped_before: NEWS,
    released_then_dropped: [],
    set_rollback: [],
    set_rollback_inside: NEWS,
    no_savepoint: STALE,
    no_savepoint_and_all_undone: [],
    by_hand: STALE,
    deferred_constraint: [],
    other_database_committed: STALE,
    other_database_rolled_back: NEWS,
    wrong_database_rolled_back: STALE,
    twice: STALE,
}


def fated(*names):
    cases = [pytest.param(f, stale, id=f.__name__) for f, stale in FATES.items() if f not in names]
    return pytest.mark.parametrize(("fate", "stale"), cases)


@committing
@fated()
def test_a_key_shares_the_fate_of_its_transaction(fate, stale, heard):
    with recording() as recorded:
        fate()
        assert list(map(str, pending())) == stale
    assert list(map(str, recorded)) == stale
    assert heard == ([stale] if stale else [])


@committing
@fated(deferred_constraint)  # which is checked by the outermost commit only
def test_around_all_of_it_an_open_transaction_decides_in_the_end(fate, stale, heard):
    with transaction.atomic(), transaction.atomic(using="other"):
        with recording() as recorded:
            fate()
        assert list(map(str, recorded)) == stale
        assert heard == ([stale] if stale else [])
        del heard[:]
    # A key is told of once more by each transaction that held it.
    assert sorted({text for keys in heard for text in keys}) == stale


@committing
@pytest.mark.parametrize("inside", [True, False], ids=["recording", "nothing"])
def test_what_was_told_of_too_soon_is_told_again_on_commit(inside, heard):
    with transaction.atomic():
        if inside:
            with recording():
                record(KEY)
        else:
            record(KEY)
        assert heard == [STALE]
    assert heard == [STALE, STALE]


@committing
def test_and_not_again_where_it_was_rolled_back_after_all(heard):
    rolled_back()
    assert heard == [STALE]


@pytest.mark.django_db
def test_in_a_testcase_a_key_stands_and_its_callbacks_can_be_run(heard):
    with TestCase.captureOnCommitCallbacks(execute=True) as callbacks:
        with recording() as recorded:
            commit()
        assert recorded.to_json() == [KEY.to_json()]
        assert heard == [STALE]
    assert len(callbacks) == 1
    assert heard == [STALE, STALE]


def raises():
    raise OSError("somebody else's callback")


def commit_with_an_accident(*keys):
    """Commit, with a callback of somebody else's that raises before ours is asked."""
    with pytest.raises(OSError, match="somebody"), transaction.atomic():  # noqa: PT012
        transaction.on_commit(raises)
        for key in keys:
            record(key)


@committing
def test_a_commit_is_told_of_though_another_callback_raises_first(heard):
    with recording() as recorded:
        commit_with_an_accident(KEY)
        assert list(pending()) == [KEY]
    assert list(recorded) == [KEY]
    assert heard == [STALE]


@committing
def test_and_so_it_is_where_nothing_collects_it(heard):
    commit_with_an_accident(KEY)
    assert heard == [STALE, STALE]


@committing
def test_a_rollback_after_such_an_accident_is_still_a_rollback(heard):
    with recording() as recorded:
        commit_with_an_accident()
        with transaction.atomic():
            rolled_back()
        rolled_back()
    assert list(recorded) == []


@committing
def test_a_receiver_that_raises_on_commit_stops_no_other_callback(caplog):
    def receiver(keys, **kwargs):
        raise OSError("redis is down")

    ran = []
    invalidated.connect(receiver)
    with transaction.atomic():
        record(KEY)
        transaction.on_commit(lambda: ran.append(1))
    invalidated.disconnect(receiver)
    assert ran == [1]
    assert len(caplog.messages) == 2


@committing
def test_recording_leaves_no_trace_on_the_connection():
    with recording():
        commit()
        rollback()
    assert connection.run_on_commit == []


# cases W-2, INV-1
@committing
def test_each_thread_of_a_recording_has_a_transaction_of_its_own():
    def roll_back():
        try:
            rolled_back()
        finally:
            connection.connection.close()  # Django leaves one in memory open

    with recording() as recorded, transaction.atomic():
        record(OTHER)  # its thread's connection is known from here on
        thread = threading.Thread(target=contextvars.copy_context().run, args=[roll_back])
        thread.start()
        thread.join()
    assert list(recorded) == [OTHER]
