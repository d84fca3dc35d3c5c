"""``@affects`` says of a view that exists what it makes stale, and changes nothing else of it."""

import functools

import pytest
from asgiref.sync import async_to_sync, iscoroutinefunction
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView

from mizan_htmx import Key, affects, mutation, recording
from mizan_htmx.exceptions import DeclarationError
from tests.library.mizan import book, shelf
from tests.library.models import Shelf

committing = pytest.mark.django_db(transaction=True, databases=["default", "other"])
STALE = ["shelf;shelf_id=3"]


def function(answer):
    def view(request, shelf_id=None, *args, **kwargs):
        return answer()

    return view


def async_function(answer):
    async def view(request, shelf_id=None, *args, **kwargs):
        return answer()

    return view


def view_class(answer):
    class Page(View):
        def post(self, request, *args, **kwargs):
            return answer()

        get = put = patch = delete = head = trace = options = post

    return Page


def async_view_class(answer):
    class Page(View):
        async def post(self, request, *args, **kwargs):
            return answer()

        get = put = patch = delete = head = trace = options = post

    return Page


KINDS = [function, async_function, view_class, async_view_class]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def run(view, method="POST", /, *args, **kwargs):
    """What a view answered or raised, and the keys it left."""
    view = view.as_view() if isinstance(view, type) else view
    view = async_to_sync(view) if iscoroutinefunction(view) else view
    with recording() as recorded:
        try:
            result = view(RequestFactory().generic(method, "/"), *args, **kwargs)
        except Exception as error:
            result = error
    return result, [str(key) for key in recorded]


@committing
@each_kind
@pytest.mark.parametrize(
    "method", ["POST", "PUT", "PATCH", "DELETE", "GET", "HEAD", "OPTIONS", "TRACE"]
)
def test_unsafe_requests_make_stale(kind, method):
    response, keys = run(affects(shelf)(kind(HttpResponse)), method, shelf_id=3)
    assert response.status_code == 200
    assert keys == (STALE if method in ("POST", "PUT", "PATCH", "DELETE") else [])


@committing
@each_kind
@pytest.mark.parametrize(
    ("answer", "keys"),
    [
        (HttpResponse, STALE),
        (lambda: HttpResponse(status=204), STALE),
        (lambda: HttpResponseRedirect("/"), STALE),
        (lambda: HttpResponse(status=399), STALE),
        (lambda: HttpResponse(status=400), []),
        (lambda: HttpResponse(status=422), []),
        (lambda: HttpResponse(status=500), []),
        (lambda: 1 / 0, STALE),
        (lambda: None, STALE),
    ],
    ids=["200", "204", "302", "399", "400", "422", "500", "raise", "None"],
)
def test_below_400_and_where_it_raised(kind, answer, keys):
    assert run(affects(shelf)(kind(answer)), shelf_id=3)[1] == keys


# case I-1
@committing
@pytest.mark.parametrize("kind", [function, view_class])
def test_but_not_where_what_raised_was_rolled_back(kind):
    view = affects(shelf)(kind(lambda: 1 / 0))
    view = view.as_view() if isinstance(view, type) else view
    error, keys = run(transaction.atomic(view), shelf_id=3)
    assert isinstance(error, ZeroDivisionError)
    assert keys == []


@committing
@pytest.mark.parametrize(
    ("targets", "params", "keys"),
    [
        (["shelf"], {}, STALE),
        ([shelf, "book"], {}, [*STALE, "book"]),
        ([Key("shelf", shelf_id=5)], {}, ["shelf;shelf_id=5"]),
        ([Key.ANY], {}, ["*"]),
        ([book], {"book_id": "pk"}, ["book;book_id=7"]),
        (
            [shelf, book],
            {"book_id": "pk", "shelf_id": "slug"},
            ['shelf;shelf_id="x"', "book;book_id=7"],
        ),
        ([book], {"book_id": "missing"}, ["book"]),
        ([], {}, []),
    ],
    ids=["name", "two", "key", "any", "renamed", "both", "absent", "none"],
)
def test_what_the_views_arguments_say(targets, params, keys):
    view = affects(*targets, **params)(function(HttpResponse))
    assert run(view, shelf_id=3, pk=7, slug="x")[1] == keys


@committing
def test_unnamed_groups_are_named_by_the_views_signature():
    assert run(affects(shelf)(function(HttpResponse)), "POST", 3)[1] == STALE
    assert run(affects(shelf)(async_function(HttpResponse)), "POST", 3)[1] == STALE
    assert run(affects(shelf)(function(HttpResponse)), "POST", 3, shelf_id=5)[1] == [
        "shelf;shelf_id=5"
    ]
    assert run(affects(shelf)(view_class(HttpResponse)), "POST", 5, shelf_id=3)[1] == STALE


class Feed:
    """A view that shows no signature, as some of C's callables do."""

    __signature__ = "none"

    def __call__(self, request, *args, **kwargs):
        return HttpResponse()


@committing
@pytest.mark.parametrize(
    "view", [Feed(), functools.partial(function(HttpResponse))], ids=["instance", "partial"]
)
def test_a_view_need_not_be_a_function(view):
    assert run(affects(shelf)(view), "POST", 5, shelf_id=3)[1] == STALE


@committing
def test_the_write_may_go_to_another_database():
    view = affects(shelf, using="other")(function(lambda: 1 / 0))
    assert run(transaction.atomic(view), shelf_id=3)[1] == STALE
    assert run(transaction.atomic(using="other")(view), shelf_id=3)[1] == []


def test_nothing_else_of_a_view_changes():
    @csrf_exempt
    def plain(request):
        """Its words."""

    view = affects(shelf)(plain)
    assert (view.__name__, view.__doc__, view.csrf_exempt) == ("plain", "Its words.", True)
    assert view.__wrapped__ is plain
    assert not iscoroutinefunction(view)
    assert iscoroutinefunction(affects(shelf)(async_function(HttpResponse)))
    assert iscoroutinefunction(affects(shelf)(async_view_class(HttpResponse)).as_view())
    page = view_class(HttpResponse)
    assert affects(shelf)(page) is page


@committing
def test_a_subclass_inherits_what_its_base_affects():
    @affects(shelf)
    class Base(RedirectView):
        url = "/"

    class Sub(Base):
        def post(self, request, *args, **kwargs):
            return super().post(request, *args, **kwargs)

    response, keys = run(Sub, shelf_id=3)
    assert (response.status_code, keys) == (302, STALE)


def test_what_an_exception_looks_like_is_not_changed():
    def view(request):
        raise Shelf.DoesNotExist("no shelf")

    error, _ = run(affects("shelf")(view))
    assert type(error) is Shelf.DoesNotExist


# case H-18
@pytest.mark.parametrize("target", [5, None, ["shelf"], object()])
def test_what_cannot_go_stale_is_refused(target):
    with pytest.raises(DeclarationError, match="name contexts, keys or names of contexts"):
        affects(target)(function(HttpResponse))


@pytest.mark.parametrize("target", [5, None, [5], object()])
def test_what_cannot_go_stale_is_refused_of_a_mutation(target):
    with pytest.raises(DeclarationError, match="name contexts, keys or names of contexts"):
        mutation(affects=target)(lambda request: None)


def test_without_parentheses_it_is_refused_at_once():
    with pytest.raises(DeclarationError, match=r"^@affects\(…\) affects <function .*name contexts"):

        @affects
        def view(request): ...


@pytest.mark.parametrize("params", [3, ["shelf_id"], "shelf_id", {"shelf_id"}], ids=repr)
def test_parameters_are_a_mapping_or_a_function(params, declaring):
    with pytest.raises(DeclarationError, match=r"write \{context parameter: argument name\} or a"):
        mutation(affects=shelf, affects_params=params)(lambda request: None)


@pytest.mark.parametrize(
    "declare",
    [
        lambda: affects(shelf, using="typo")(function(HttpResponse)),
        lambda: mutation(affects=shelf, using="typo", name="write")(lambda request: None),
        lambda: mutation(using="typo", name="write")(lambda request: None),
    ],
    ids=["affects", "mutation", "mutation alone"],
)
def test_a_database_that_is_not_there_is_refused_at_start_up(declare, declaring):
    declare()
    with pytest.raises(DeclarationError, match=r"using='typo' is no database; .*: default, other$"):
        declaring.close()


def test_an_alias_that_is_there_is_taken(declaring):
    affects(shelf, using="other")(function(HttpResponse))
    mutation(using="default", name="write")(lambda request: None)
    declaring.close()


ran = []


class Wrong(View):
    @affects(shelf)
    def post(self, request, **kwargs):
        ran.append("post")

    @affects(shelf)
    async def apost(self, request, **kwargs):
        ran.append("apost")


class Right(View):
    @method_decorator(affects(shelf))
    def post(self, request, shelf_id):
        return HttpResponse()


def test_a_method_is_refused_before_it_runs():
    for method in (Wrong().post, async_to_sync(Wrong().apost)):
        error, keys = run(method, shelf_id=3)
        assert isinstance(error, DeclarationError)
        assert str(error).startswith("@affects on Wrong.")
        assert "decorate the class, or write @method_decorator(affects(…))" in str(error)
        assert keys == ran == []


@committing
def test_a_method_is_decorated_as_django_says():
    assert run(Right, shelf_id=3)[1] == STALE
    assert run(Right, "POST", 3)[1] == STALE  # by an unnamed group


# case H-10
@committing
def test_decorators_can_be_stacked():
    view = affects(shelf)(affects(book, book_id="pk")(function(HttpResponse)))
    assert run(view, shelf_id=3, pk=7)[1] == ["book;book_id=7", *STALE]
