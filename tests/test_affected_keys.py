"""The keys a call names: its targets, scoped by shared arguments, by a mapping or by its result."""

import pytest
from asgiref.sync import async_to_sync
from django.test import RequestFactory

from mizan_htmx import Context, Key, mutation, recording
from mizan_htmx.exceptions import DeclarationError
from tests.library.mizan import book, news, shelf
from tests.library.models import Shelf

POST = RequestFactory().post("/")
committing = pytest.mark.django_db(transaction=True)


def run(called, /, *args, **kwargs):
    """What a call returned or raised, and the keys it left."""
    with recording() as recorded:
        try:
            result = called(POST, *args, **kwargs)
        except Exception as error:
            result = error
    return result, [str(key) for key in recorded]


@pytest.mark.parametrize("targets", [5, [5], [shelf, None], object()], ids=repr)
def test_what_cannot_go_stale_is_refused(targets, declaring):
    with pytest.raises((DeclarationError, TypeError), match=r"affects|not iterable"):
        mutation(affects=targets)(lambda request: None)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"shelf": "a"},
            "no affected context has a parameter 'shelf'; there are: book_id, shelf_id",
        ),
        ({"shelf_id": "b"}, "names the argument 'b', which it does not take; it takes: a"),
    ],
)
def test_affects_params_that_name_nothing_are_refused(params, message, declaring):
    @mutation(affects=[shelf, "book"], affects_params=params, name="fresh")
    def function(request, a: int): ...

    with pytest.raises(DeclarationError, match=message):
        declaring.close()


# (affects, affects_params, the keys of a call with shelf_id=3, b=7 that returns {"n": 9})
AFFECTED = [
    ((), None, []),
    (shelf, None, ["shelf;shelf_id=3"]),
    ("shelf", None, ["shelf;shelf_id=3"]),
    (Key("shelf"), None, ["shelf"]),
    (Key("shelf", shelf_id=5), None, ["shelf;shelf_id=5"]),
    (Key.ANY, None, ["*"]),
    ([shelf, "news"], None, ["shelf;shelf_id=3", "news"]),
    ([shelf, shelf], None, ["shelf;shelf_id=3"]),
    ([shelf, Key.ANY], None, ["*"]),
    ((shelf, book), None, ["shelf;shelf_id=3", "book"]),
    (book, {"book_id": "b"}, ["book;book_id=7"]),
    ([shelf, book], {"book_id": "b"}, ["shelf", "book;book_id=7"]),
    ([shelf, book], {"book_id": "b", "shelf_id": "b"}, ["shelf;shelf_id=7", "book;book_id=7"]),
    (shelf, lambda result: {"shelf_id": result["n"]}, ["shelf;shelf_id=9"]),
    ([shelf, book], lambda result: {"shelf_id": result["n"]}, ["shelf;shelf_id=9", "book"]),
    ([shelf, news], lambda result: {"else": 1}, ["shelf", "news"]),
    (shelf, lambda result: {}, ["shelf"]),
]


@pytest.mark.django_db
@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize(("affects", "params", "keys"), AFFECTED)
def test_what_a_call_makes_stale(affects, params, keys, is_async, declaring):
    def write(request, shelf_id: int, b: int = 7):
        return {"n": 9}

    async def awrite(request, shelf_id: int, b: int = 7):
        return write(request, shelf_id, b)

    made = mutation(affects=affects, affects_params=params, name="fresh")(
        awrite if is_async else write
    )
    declaring.close()
    call = async_to_sync(made) if is_async else made
    assert run(call, 3) == run(call, shelf_id=3, b=7) == ({"n": 9}, keys)


@pytest.mark.django_db
def test_an_argument_without_a_single_spelling_widens_what_it_shares(declaring):
    tagged = Context("tagged")

    @tagged.query
    def found(request, tags: list[str], kind: int): ...

    @mutation(affects=tagged, name="fresh")
    def write(request, tags: list[str], kind: int): ...

    declaring.close()
    assert run(write, ["a"], 5) == (None, ["tagged;kind=5"])


@committing
def test_what_is_no_mapping_undoes_the_write(declaring):
    @mutation(affects=shelf, affects_params=lambda result: 5, name="fresh")
    def write(request):
        Shelf.objects.create(name="x")

    declaring.close()
    error, keys = run(write)
    assert "affects_params of the mutation" in str(error)
    assert "returned 5; return {context parameter: value}" in str(error)
    assert keys == []
    assert not Shelf.objects.exists()


# case H-3
@committing
@pytest.mark.parametrize("value", ["\ud800", 1.5, [1], object()], ids=repr)
def test_a_value_that_cannot_travel_undoes_the_write(value, declaring):
    @mutation(affects=shelf, affects_params=lambda result: {"shelf_id": value}, name="fresh")
    def write(request):
        Shelf.objects.create(name="x")

    declaring.close()
    error, keys = run(write)
    assert isinstance(error, TypeError | ValueError)
    assert keys == []
    assert not Shelf.objects.exists()
