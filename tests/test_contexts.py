"""A context: a named bundle of queries, loaded as little as possible, and only read."""

import logging
import uuid

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction
from django.test import RequestFactory, override_settings

from mizan_htmx import Context, Key, recording
from mizan_htmx.contexts import QueryFailed
from mizan_htmx.exceptions import (
    DeclarationError,
    Invalid,
    MizanError,
    RecordingError,
    Unauthenticated,
)
from mizan_htmx.registry import registry
from tests.library.mizan import BookOut, detail, news, shelf
from tests.library.models import Book, Shelf


@pytest.fixture
def request_():
    return RequestFactory().get("/")


@pytest.mark.parametrize("name", ["", "Shelf", "1st", "a b", "a-b", "a;b", "*", "é", "_a", "a/b"])
def test_a_name_that_cannot_travel_is_refused(name, declaring):
    with pytest.raises(DeclarationError, match="is no context name"):
        Context(name)
    assert name not in declaring.contexts


def test_a_context_knows_itself(declaring):
    context = Context("shop.order_2")
    assert (context.name, context.module) == ("shop.order_2", __name__)
    assert repr(shelf) == "<Context shelf(shelf_id)>"


def test_a_query_stays_the_function_it_is(declaring):
    context = Context("fresh")

    @context.query
    def total(request) -> int:
        return 5

    assert total(None) == 5
    assert list(context.queries) == ["total"]


def test_its_parameters_are_the_union_of_its_queries_parameters(declaring):
    context = Context("fresh")

    @context.query
    def one(request, a: int, b: str = "x"): ...

    @context.query
    def two(request, *, c: uuid.UUID, a: int): ...

    assert list(context.parameters) == ["a", "b", "c"]
    declaring.close()
    assert list(context.parameters) == ["a", "b", "c"]
    assert context.validate({"a": "1", "c": str(uuid.UUID(int=5))}) == {
        "a": 1,
        "b": "x",
        "c": uuid.UUID(int=5),
    }
    with pytest.raises(Invalid, match="d is unknown"):
        context.validate({"a": 1, "c": str(uuid.UUID(int=5)), "d": 1})


def q(request, a: int = 1): ...


def other_type(request, a: str = "1"): ...


def other_default(request, a: int = 2): ...


def using(request, using: int): ...


def wanting(request, wanting: int): ...


def untyped(request, a): ...


def unsaid(request, a: dict[str, int] = {}): ...  # noqa: B006


def unfit(request, a: int = None): ...  # noqa: RUF013


@pytest.mark.parametrize(
    ("name", "queries", "message"),
    [
        ("fresh", [q, other_type], "declares 'a' otherwise than another query"),
        ("fresh", [q, other_default], "declares 'a' otherwise than another query"),
        ("fresh", [q, q], "has a query 'q' already"),
        ("fresh", [using], "'using' is an option of invalidate"),
        ("global", [q], "the context 'global' takes no parameters"),
        ("fresh", [wanting], "has a query and a parameter 'wanting'"),
        ("fresh", [untyped], "annotate 'a'"),
        ("fresh", [unsaid], "the context 'fresh': a={} goes into no URL .* leave its default"),
        ("fresh", [unfit], "a=None does not fit its type int"),
    ],
    ids=["type", "default", "twice", "using", "global", "clash", "untyped", "unsaid", "unfit"],
)
def test_queries_that_cannot_be_one_bundle_are_refused(name, queries, message, declaring):
    context = Context(name)
    with pytest.raises(DeclarationError, match=message):  # noqa: PT012 - here or on closing
        for query in queries:
            context.query(query)
        declaring.close()


def test_the_global_context_takes_queries_without_parameters(declaring):
    context = Context("global")
    context.query(lambda request: 1)
    declaring.close()
    assert dict(context.parameters) == {}


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({}, "shelf"),
        ({"shelf_id": 3}, "shelf;shelf_id=3"),
        ({"shelf_id": "3"}, 'shelf;shelf_id="3"'),
        ({"shelf_id": None}, "shelf;shelf_id=null"),
    ],
)
def test_a_context_called_is_a_key(params, text):
    assert str(shelf(**params)) == str(shelf.key(**params)) == text


# case H-3
@pytest.mark.parametrize("value", [1.5, [1], object(), Shelf(pk=1), "\ud800"])
def test_a_value_that_cannot_travel_fails_at_the_call(value):
    with recording() as recorded, pytest.raises((TypeError, ValueError)):
        shelf.invalidate(shelf_id=value)
    assert not recorded


def test_while_the_registry_is_open_queries_may_still_come(declaring):
    context = Context("fresh")
    assert context(a=1) == Key("fresh", a=1)
    declaring.close()
    with pytest.raises(DeclarationError, match="has no parameter 'a'; it has: none"):
        context(a=1)


def test_the_key_of_what_was_loaded_leaves_out_what_has_no_single_spelling():
    key = shelf.key_of({"a": 1, "b": [1], "c": 1.5, "d": None, "e": "x", "f": uuid.UUID(int=1)})
    assert key == Key("shelf", a=1, d=None, e="x", f=uuid.UUID(int=1))


def test_invalidate_records(db):
    with recording() as recorded:
        shelf.invalidate(shelf_id=3)
        news.invalidate(using="other")
    assert list(recorded) == [shelf(shelf_id=3), news()]


def test_each_query_runs_when_it_is_first_read_and_once(declaring, request_):
    context, ran = Context("fresh"), []

    @context.query
    def one(request, a: int) -> str:
        ran.append(("one", request, a))
        return "1"

    @context.query
    def two(request, b: int) -> int:
        ran.append(("two", request, b))
        return "2"

    bundle = context.load(request_, a=1, b=2)
    assert (ran, list(bundle), len(bundle), bundle.key) == (
        [],
        ["one", "two"],
        2,
        context(a=1, b=2),
    )
    assert bundle["two"] == bundle["two"] == 2
    assert ran == [("two", request_, 2)]
    assert bundle.data() == {"one": "1", "two": 2}
    assert len(ran) == 2
    with pytest.raises(KeyError):
        bundle["three"]


def test_loading_asks_who_may(request_):
    with pytest.raises(Unauthenticated):
        registry.contexts["mine"].load(request_)


def test_what_is_handed_over_is_shaped_and_no_query_runs(hall, request_, django_assert_num_queries):
    bundle = shelf.load(request_, shelf_id=hall.pk)
    book = Book.objects.last()
    with django_assert_num_queries(0):
        bundle.give("books", [book])
        assert bundle["books"] == [BookOut(id=book.pk, title="Ulysses", lent=True)]
    with pytest.raises(KeyError):
        bundle.give("nothing", 1)


def test_a_query_that_raises_is_remembered_and_its_error_is_the_data(hall, request_):
    bundle = shelf.load(request_, shelf_id=hall.pk + 1)
    assert bundle["books"] == []
    with pytest.raises(QueryFailed, match=rf"{detail.__module__}.detail raised .*DoesNotExist"):
        bundle["detail"]
    assert isinstance(bundle.failure, Shelf.DoesNotExist)
    with pytest.raises(Shelf.DoesNotExist):
        bundle.data()


def test_the_first_failure_is_the_one_remembered(declaring, request_):
    context = Context("fresh")

    @context.query
    def one(request):
        raise ValueError("first")

    @context.query
    def two(request):
        raise KeyError("second")

    bundle = context.load(request_)
    for name in ("one", "two", "one"):
        with pytest.raises(QueryFailed):
            bundle[name]
    assert repr(bundle.failure) == "ValueError('first')"


def test_async_queries_are_waited_for(hall, request_):
    assert news.load(request_, limit=1).data() == {"headlines": ["Ulysses"]}


class Telling:
    """Writes where nobody would think of it: when its field is read."""

    def __init__(self, act):
        self.act = act

    @property
    def title(self):
        self.act()
        return "Emma"

    id, lent = 1, False


WRITES = {
    "insert": lambda shelf: Book.objects.create(shelf=shelf, title="x"),
    "update": lambda shelf: Book.objects.update(title="x"),
    "delete": lambda shelf: Book.objects.all().delete(),
    "raw": lambda shelf: connection.cursor().execute("\n  Update library_book SET title = 'x'"),
}


@pytest.fixture(params=["query", "result", "async", "given"])
def reads(request, declaring, request_):
    """Reads a context in whose query, or in the shaping of whose result, something is done."""

    where = request.param

    def read(act):
        context = Context("fresh")
        if where == "async":

            @context.query
            async def one(request):
                await sync_to_async(act)()
        else:

            @context.query
            def one(request) -> BookOut:
                if where == "query":
                    act()
                return Telling(act if where == "result" else list)

        declaring.close()
        bundle = context.load(request_)
        return bundle.give("one", Telling(act)) if where == "given" else bundle["one"]

    return read


# Shaping what was handed over for a first render is not watched: the query's own run is.
WATCHED = pytest.mark.parametrize("reads", ["query", "result", "async"], indirect=True)


# case R-11
@pytest.mark.parametrize("write", WRITES)
@WATCHED
def test_a_query_that_writes_raises_in_debug(write, reads, hall):
    def act():
        with transaction.atomic():
            WRITES[write](hall)

    with override_settings(DEBUG=True), pytest.raises(MizanError, match="but a query only reads"):
        reads(act)
    assert list(Book.objects.values_list("title", flat=True)) == ["Emma", "Ulysses"]


class Composed:
    """What psycopg's sql module makes: it is no text."""

    def __init__(self, sql):
        self.sql = sql


def test_sql_that_is_no_text_is_run(declaring, request_, db):
    context = Context("fresh")

    @context.query
    def one(request) -> int:
        def understood(run, sql, *rest):  # as a driver does
            return run(sql.sql, *rest)

        with connection.cursor() as cursor, connection.execute_wrapper(understood):
            return cursor.execute(Composed("SELECT 5")).fetchone()[0]

    declaring.close()
    assert context.load(request_)["one"] == 5


# case R-11, H-15
@pytest.mark.parametrize("write", WRITES)
@WATCHED
def test_and_is_logged_in_production(write, reads, hall, caplog):
    with caplog.at_level(logging.ERROR, "mizan_htmx"):
        reads(lambda: WRITES[write](hall))
    assert "writes to the database, but a query only reads" in caplog.text
    assert all(len(line) < 400 and "\n" not in line for line in caplog.messages)


# case I-13
def test_a_query_may_not_record(reads):
    with recording() as recorded, pytest.raises((RecordingError, QueryFailed)) as caught:
        reads(news.invalidate)
    error = caught.value if isinstance(caught.value, RecordingError) else caught.value.__cause__
    assert "news was recorded while the query" in str(error)
    assert not recorded


def test_after_a_query_everything_may_be_written_again(hall, request_):
    with override_settings(DEBUG=True), recording() as recorded:
        shelf.load(request_, shelf_id=hall.pk).data()
        Book.objects.all().delete()
        shelf.invalidate(shelf_id=hall.pk)
    assert list(recorded) == [shelf(shelf_id=hall.pk)]
