"""A mutation runs in a transaction and names what went stale; whatever undoes it names nothing."""

import pytest
from asgiref.sync import async_to_sync, iscoroutinefunction
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.test import RequestFactory

from mizan_htmx import mutation, recording
from mizan_htmx.exceptions import DeclarationError, Unauthenticated
from tests.library.mizan import BookOut, add_book, book, clear, news, rename, shelf
from tests.library.models import Book, Shelf

POST = RequestFactory().post("/")
POST.user = AnonymousUser()
committing = pytest.mark.django_db(transaction=True, databases=["default", "other"])


def texts(recorded):
    return [str(key) for key in recorded]


def run(called, /, *args, **kwargs):
    """What a call returned or raised, and the keys it left."""
    with recording() as recorded:
        try:
            result = called(POST, *args, **kwargs)
        except Exception as error:
            result = error
    return result, texts(recorded)


def test_a_mutation_is_made_by_its_decorator(declaring):
    @mutation
    def bare(request, a: int):
        """What it does."""

    @mutation(name="shop.bare", affects="shelf", auth="staff", using="other")
    def named(request): ...

    assert (bare.name, bare.__name__, bare.__doc__) == ("bare", "bare", "What it does.")
    assert (bare.module, bare.using, bare.affects.targets) == (__name__, None, [])
    assert (named.name, named.auth, named.using) == ("shop.bare", "staff", "other")
    assert repr(bare) == "<Mutation bare(a)>"
    assert declaring.mutations["shop.bare"] is named
    assert not iscoroutinefunction(bare)


@pytest.mark.parametrize("name", ["Upper", "a b", "a-b", "a/b", "1a", "*", "é", "_private"])
def test_a_name_that_cannot_be_called_is_refused(name, declaring):
    with pytest.raises(DeclarationError, match="is no mutation name"):
        mutation(name=name)(lambda request: None)
    assert name not in declaring.mutations


# case I-1, I-2, I-4
@committing
@pytest.mark.parametrize(
    ("outcome", "stands"),
    [
        (lambda: None, True),
        (lambda: {"a": 1}, True),
        (HttpResponse, True),
        (lambda: HttpResponse(status=204), True),
        (lambda: HttpResponseRedirect("/"), True),
        (lambda: HttpResponse(status=399), True),
        (lambda: HttpResponse(status=400), False),
        (lambda: HttpResponse(status=422), False),
        (lambda: HttpResponse(status=503), False),
        (lambda: StreamingHttpResponse(status=500), False),
        (lambda: 1 / 0, False),
        (lambda: transaction.set_rollback(True), False),
    ],
    ids=[
        "None",
        "data",
        "200",
        "204",
        "302",
        "399",
        "400",
        "422",
        "503",
        "stream",
        "raise",
        "undo",
    ],
)
def test_a_write_and_its_keys_stand_or_fall_together(outcome, stands, declaring):
    @mutation(affects=shelf, name="fresh")
    def write(request):
        Shelf.objects.create(name="x")
        news.invalidate()
        return outcome()

    declaring.close()
    assert run(write)[1] == (["news", "shelf"] if stands else [])
    assert Shelf.objects.exists() is stands


@committing
@pytest.mark.parametrize(
    ("outcome", "keys"),
    [
        (lambda: HttpResponse(status=200), ["shelf;shelf_id=3"]),
        (lambda: HttpResponse(status=500), ["shelf;shelf_id=3"]),
        (lambda: 1 / 0, ["shelf;shelf_id=3"]),
    ],
    ids=["200", "500", "raise"],
)
def test_an_async_mutation_has_no_transaction_so_its_keys_stand(outcome, keys, declaring):
    @mutation(affects=shelf, name="fresh")
    async def write(request, shelf_id: int):
        await Shelf.objects.acreate(name="x")
        return outcome()

    declaring.close()
    assert iscoroutinefunction(write)
    assert run(async_to_sync(write), 3)[1] == keys
    assert Shelf.objects.exists()


@committing
def test_an_async_mutation_that_raises_has_no_result_to_look_at(declaring):
    @mutation(affects=shelf, affects_params=lambda result: {"shelf_id": result.pk}, name="fresh")
    async def write(request):
        raise ValueError("half done")

    declaring.close()
    error, keys = run(async_to_sync(write))
    assert (str(error), keys) == ("half done", ["shelf"])


@committing
@pytest.mark.parametrize("returned", [{"id": "x"}, object(), None])
def test_a_result_that_cannot_be_shaped_undoes_the_write(returned, declaring):
    @mutation(affects=shelf, name="fresh")
    def write(request) -> BookOut:
        Shelf.objects.create(name="x")
        return returned

    declaring.close()
    error, keys = run(lambda request: write.perform(request, {}))
    assert isinstance(error, ValueError)
    assert keys == []
    assert not Shelf.objects.exists()


def test_a_client_gets_json_and_python_gets_what_the_function_returned(hall):
    result, keys = run(add_book, hall.pk, title="Emma II")
    assert isinstance(result, Book)
    assert keys == [f"shelf;shelf_id={hall.pk}", "news"]
    arguments = {"shelf_id": hall.pk, "title": "Emma III", "lent": True}
    result, _ = run(lambda request: add_book.perform(request, arguments))
    assert result == {"id": Book.objects.last().pk, "title": "Emma III", "lent": True}


@pytest.mark.parametrize("perform", [False, True])
def test_a_response_goes_out_as_it_is(perform, hall):
    arguments = {"shelf_id": hall.pk, "name": "Cellar"}
    call = (lambda request, **args: rename.perform(request, args)) if perform else rename
    result, keys = run(call, **arguments)
    assert (result.text.strip(), keys) == ("<h1>Cellar</h1>", [f"shelf;shelf_id={hall.pk}"])


def test_python_is_asked_who_it_is_too(hall):
    error, keys = run(clear, hall.pk)
    assert isinstance(error, Unauthenticated)
    assert keys == []
    assert hall.books.count() == 2


@committing
def test_the_write_may_go_to_another_database(declaring):
    @mutation(affects=shelf, using="other", name="fresh")
    def write(request, fail: bool):
        assert transaction.get_connection("other").in_atomic_block
        assert not transaction.get_connection().in_atomic_block
        Shelf.objects.using("other").create(name="x")
        return HttpResponse(status=422 if fail else 200)

    declaring.close()
    assert run(write, fail=True)[1] == []
    assert not Shelf.objects.using("other").exists()
    assert run(write, fail=False)[1] == ["shelf"]
    assert Shelf.objects.using("other").exists()


# case I-18
@committing
def test_a_mutation_may_call_another(declaring):
    @mutation(affects="news", name="inner")
    def inner(request, fail: bool):
        Shelf.objects.create(name="inner")
        if fail:
            raise ValueError

    @mutation(affects=shelf, name="outer")
    def outer(request, fail: bool):
        Shelf.objects.create(name="outer")
        try:
            inner(request, fail=fail)
        except ValueError:
            book.invalidate()

    declaring.close()
    assert run(outer, fail=False)[1] == ["news", "shelf"]
    assert Shelf.objects.count() == 2
    assert run(outer, fail=True)[1] == ["book", "shelf"]
    assert Shelf.objects.filter(name="inner").count() == 1


@committing
def test_an_async_mutation_may_return_what_only_sync_code_can_read(declaring):
    @mutation(affects=shelf, affects_params=lambda made: {"shelf_id": made.shelf.pk}, name="one")
    async def one(request) -> BookOut:
        room = await Shelf.objects.acreate(name="x")
        made = await Book.objects.acreate(shelf=room, title="Emma")
        return await Book.objects.aget(pk=made.pk)

    @mutation(affects=shelf, name="many")
    async def many(request) -> list[BookOut]:
        return Book.objects.all()

    declaring.close()
    perform = async_to_sync(one.aperform)
    result, keys = run(lambda request: perform(request, {}))
    room = Shelf.objects.get()
    assert (result["title"], keys) == ("Emma", [f"shelf;shelf_id={room.pk}"])
    perform_many = async_to_sync(many.aperform)
    result, keys = run(lambda request: perform_many(request, {}))
    assert ([row["title"] for row in result], keys) == (["Emma"], ["shelf"])
