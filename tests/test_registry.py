"""What exists, by name: open while Django starts, closed after it, the same for everybody."""

import gc
import tracemalloc

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import RequestFactory

from mizan_htmx import Context, Key, affects, mutation
from mizan_htmx.exceptions import DeclarationError, NotFound, UnknownName
from mizan_htmx.registry import registry, requested
from tests.library import mizan as declared
from tests.library.models import Book


def plain(request): ...


def test_every_apps_declarations_were_found_and_the_registry_is_closed():
    assert registry.contexts["shelf"] is declared.shelf
    assert registry.mutations["add_book"] is declared.add_book
    assert registry.closed
    assert registry.unchecked == []


# case W-6, H-18
@pytest.mark.parametrize(
    ("declare", "what"),
    [
        (lambda: Context("late"), "the context 'late'"),
        (lambda: mutation(plain), "the mutation 'plain'"),
        (lambda: declared.shelf.query(plain), "the query plain"),
    ],
    ids=["context", "mutation", "query"],
)
def test_after_start_up_nothing_can_be_declared(declare, what):
    before = [*registry.contexts, *registry.mutations, *declared.shelf.queries]
    with pytest.raises(DeclarationError, match=f"{what}.* was declared after start-up"):
        declare()
    assert [*registry.contexts, *registry.mutations, *declared.shelf.queries] == before


# case W-7
@pytest.mark.parametrize("kind", ["context", "mutation"])
def test_a_name_given_twice_names_both_places(kind, declaring):
    def declare():
        return Context("twice") if kind == "context" else mutation(name="twice")(plain)

    first = declare()
    first.module = "shop.mizan"
    with pytest.raises(DeclarationError) as caught:
        declare()
    assert f"the {kind} 'twice' of {__name__} exists already in shop.mizan" in str(caught.value)


def test_one_name_may_be_a_contexts_and_a_mutations(declaring):
    context, call = Context("both"), mutation(name="both")(plain)
    declaring.close()
    assert declaring.context("both") is context
    assert declaring.mutation("both") is call


# case W-7
def test_a_second_start_finds_one_registry(declaring):
    names = list(registry.contexts), list(registry.mutations)
    apps.get_app_config("mizan_htmx").ready()
    assert registry.closed
    assert (list(registry.contexts), list(registry.mutations)) == names
    call_command("check", fail_level="ERROR")


# case H-18
@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda: registry.context("shelv"), "unknown context 'shelv'; did you mean 'shelf'"),
        (
            lambda: registry.mutation("add_bok"),
            "unknown mutation 'add_bok'; did you mean 'add_book'",
        ),
        (lambda: affects("shelv")(plain), "unknown context 'shelv'"),
        (lambda: affects(Key("shelv"))(plain), "unknown context 'shelv'"),
        (lambda: affects(declared.shelf, "nws")(plain), "unknown context 'nws'"),
        (lambda: declared.shelf(shelf=1), "has no parameter 'shelf'; it has: shelf_id"),
        (lambda: declared.shelf.invalidate(shelf=1), "has no parameter 'shelf'"),
        (lambda: affects(declared.shelf, shelf="pk")(plain), "has a parameter 'shelf'"),
        (lambda: affects(Key("shelf", shelf=1))(plain), "has no parameter 'shelf'"),
    ],
    ids=["context", "mutation", "affects", "key", "second", "call", "invalidate", "param", "pair"],
)
def test_a_misspelt_name_speaks_at_the_call(use, message):
    with pytest.raises(DeclarationError, match=message):
        use()


@pytest.mark.parametrize("stale", ["shelv", Key("shelv"), Key("shelf", shelf=1)], ids=repr)
def test_before_the_registry_closes_names_may_still_come_and_then_they_count(stale, declaring):
    mutation(affects=stale)(plain)
    affects(stale)(plain)
    with pytest.raises(DeclarationError, match=r"shelv|has no parameter 'shelf'"):
        declaring.close()


def test_on_leaving_an_open_registry_all_is_as_it_was():
    before = dict(registry.contexts), dict(registry.mutations)
    with registry.opened() as opened:
        Context("passing")
        mutation(plain)
        assert not opened.closed
        assert "passing" in opened.contexts
    assert (registry.contexts, registry.mutations) == before
    assert registry.closed
    assert registry.unchecked == []


def test_a_query_that_a_test_adds_works_and_goes_again(hall):
    request, shelf = RequestFactory().get("/"), declared.shelf
    queries, parameters = dict(shelf.queries), dict(shelf.parameters)
    with registry.opened() as opened:

        @shelf.query
        def lent(request, shelf_id: int, first: str = "") -> int:
            return Book.objects.filter(shelf=shelf_id, title__gt=first, lent=True).count()

        opened.close()
        assert str(shelf(shelf_id=1, first="F")) == 'shelf;first="F";shelf_id=1'
        given = shelf.validate({"shelf_id": str(hall.pk), "first": "F"})
        assert shelf.load(request, **given)["lent"] == 1
    assert (shelf.queries, shelf.parameters) == (queries, parameters)
    with pytest.raises(DeclarationError, match="has no parameter 'first'"):
        shelf(first="F")


def test_a_query_that_a_test_adds_is_checked(declaring):
    @declared.shelf.query
    def other(request, shelf_id: str): ...

    with pytest.raises(DeclarationError, match="declares 'shelf_id' otherwise"):
        declaring.close()


SPELLED = ["", "Add_book", "add_book ", "add_book\n", "__class__", "\u0430dd_book", "add_book.name"]


# case R-7
@pytest.mark.parametrize(
    "name",
    [*SPELLED, None, 5, True, ["add_book"], {"add_book": 1}, 1.5],
    ids=repr,
)
def test_a_name_from_a_request_is_a_key_and_nothing_else(name):
    with pytest.raises(NotFound) as caught:
        requested(registry.mutations, name)
    assert caught.value.message == "there is nothing of that name"
    assert requested(registry.mutations, "add_book") is declared.add_book


def test_an_unknown_name_says_what_exists():
    with pytest.raises(UnknownName) as caught:
        registry.context("qqq")
    assert caught.value.known == sorted(registry.contexts)


# case W-6
def test_memory_stays_flat_however_many_values_come_by():
    def use(values):
        for value in values:
            context = registry.contexts["shelf"]
            context.key_of(context.validate({"shelf_id": value}))

    use(range(1000))
    gc.collect()
    tracemalloc.start()
    use(range(1000, 11_000))
    gc.collect()
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 50_000
