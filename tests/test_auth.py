"""Who may: one table of people, rules and transports, the same answer in each of them."""

import functools
import json

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory, override_settings
from django.urls import reverse

from mizan_htmx import Context, auth, mutation
from mizan_htmx.exceptions import DeclarationError, Forbidden, Unauthenticated
from mizan_htmx.references import Reference
from mizan_htmx.registry import registry
from tests.library.models import Shelf
from tests.library.pages import declared

# Django's own backend takes a deactivated user for nobody; this one leaves it to whoever asks.
BACKEND = "django.contrib.auth.backends.AllowAllUsersModelBackend"
LOGIN_REQUIRED = "django.contrib.auth.middleware.LoginRequiredMiddleware"


def owns(request, shelf_id, **params):
    user = request.user
    return user.is_authenticated and Shelf.objects.filter(pk=shelf_id, owner=user).exists()


async def aowns(request, shelf_id, **params):
    user = await request.auser()
    return user.is_authenticated and await Shelf.objects.filter(pk=shelf_id, owner=user).aexists()


RULES = {
    "none": None,
    "authenticated": "authenticated",
    "staff": "staff",
    "permission": "library.view_shelf",
    "callable": owns,
    "acallable": aowns,
}
# What each rule says to each of them: 200 may, 401 may be let in after a login, 403 may not.
PEOPLE = ["anonymous", "owner", "other", "staff", "deactivated"]
EXPECTED = {
    "none": [200, 200, 200, 200, 200],
    "authenticated": [401, 200, 200, 200, 401],
    "staff": [401, 403, 403, 200, 401],
    "permission": [401, 403, 200, 403, 401],
    "callable": [401, 200, 403, 403, 401],
    "acallable": [401, 200, 403, 403, 401],
}
MATRIX = [
    pytest.param(rule, person, status, id=f"{rule}-{person}")
    for rule, statuses in EXPECTED.items()
    for person, status in zip(PEOPLE, statuses, strict=True)
]
TRANSPORTS = ["ctx", "fragment", "call", "json", "form", "acall"]


@pytest.fixture
def ran(declaring):
    """What ran, of a context and two mutations for each rule."""
    done = []
    for label, rule in RULES.items():
        context = Context(f"read_{label}", auth=rule)

        @context.query
        def name(request, shelf_id: int) -> str:
            done.append("query")
            return "secret"

        @mutation(name=f"write_{label}", affects=context, auth=rule)
        def write(request, shelf_id: int) -> str:
            done.append("mutation")
            return "secret"

        @mutation(name=f"awrite_{label}", affects=context, auth=rule)
        async def awrite(request, shelf_id: int) -> str:
            done.append("mutation")
            return "secret"

    declaring.close()
    return done


@pytest.fixture
def people(owner):
    create = get_user_model().objects.create_user
    staff = create("staff", is_staff=True)
    other, deactivated = create("other"), create("deactivated", is_active=False, is_staff=True)
    permission = Permission.objects.get(codename="view_shelf")
    other.user_permissions.add(permission)
    deactivated.user_permissions.add(permission)
    return dict(zip(PEOPLE, [None, owner, other, staff, deactivated], strict=True))


@pytest.fixture
def ask(client, people, hall):
    """``ask("ctx", rule, person)``: one request for the shelf, as that person."""

    def ask(transport, rule, person, shelf_id=hall.pk):
        if people[person] is not None:
            client.force_login(people[person], BACKEND)
        if transport == "ctx":
            return client.get(f"/api/mizan/ctx/read_{rule}/", {"shelf_id": shelf_id})
        if transport == "fragment":
            reference = Reference("library/_name.html", "", (f"read_{rule}",), "en").sign()
            return client.get("/api/mizan/fragment/", {"f": reference, "shelf_id": shelf_id})
        args, name = {"shelf_id": shelf_id}, f"write_{rule}"
        if transport in ("call", "acall"):
            name = f"a{name}" if transport == "acall" else name
            body = json.dumps({"fn": name, "args": args})
            return client.post("/api/mizan/call/", body, content_type="application/json")
        url = reverse("mizan_htmx:call_by_name", args=[name])
        if transport == "json":
            return client.post(url, json.dumps(args), content_type="application/json")
        return client.post(url, args, headers={"HX-Request": "true"})

    with override_settings(AUTHENTICATION_BACKENDS=[BACKEND]):
        yield ask


# case A-1
@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize(("rule", "person", "status"), MATRIX)
def test_the_matrix(transport, rule, person, status, ask, ran):
    response = ask(transport, rule, person)
    if status == 200:
        assert response.status_code == (204 if transport == "form" else 200)
        assert len(ran) == 1
        return
    code = {401: "unauthenticated", 403: "forbidden"}[status]
    assert response.status_code == status
    assert response.json()["error"]["code"] == code
    assert ran == []
    assert "secret" not in response.text
    assert "X-Mizan-Invalidate" not in response.headers
    assert response["Cache-Control"] == "no-store"


# case A-1
@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize(("rule", "person", "status"), MATRIX)
def test_who_may_not_learns_nothing_of_the_parameters(transport, rule, person, status, ask, ran):
    response = ask(transport, rule, person, shelf_id="no number")
    words = isinstance(RULES[rule], str)
    assert response.status_code == (status if words and status > 200 else 422)
    assert ran == []


# case A-3
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_what_is_not_yours_and_what_is_not_there_look_alike(transport, ask, ran, hall):
    theirs = ask(transport, "callable", "other", shelf_id=hall.pk)
    nobodys = ask(transport, "callable", "other", shelf_id=hall.pk + 1)
    assert theirs.status_code == nobodys.status_code == 403
    assert theirs.content == nobodys.content
    assert ran == []


# case A-1
@pytest.mark.parametrize("middleware", [True, False])
@pytest.mark.parametrize("transport", ["ctx", "fragment", "call", "form"])
@pytest.mark.parametrize(
    ("default", "person", "may"),
    [
        (auth.DEFAULT, "anonymous", None),  # as the middleware says
        (None, "anonymous", True),
        ("authenticated", "anonymous", False),
        ("authenticated", "other", True),
        ("staff", "other", False),
        (owns, "other", False),
        (owns, "owner", True),
    ],
    ids=["unset", "None", "nobody", "somebody", "no staff", "no owner", "owner"],
)
def test_without_a_rule_of_its_own_the_projects_default_counts(
    default, person, may, transport, middleware, ask, ran, settings
):
    if default is not auth.DEFAULT:
        settings.MIZAN = {"AUTH": default}
    if middleware:
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, LOGIN_REQUIRED]
    registry.contexts["read_none"].auth = registry.mutations["write_none"].auth = auth.DEFAULT
    allowed = not middleware if may is None else may
    assert (ask(transport, "none", person).status_code in (200, 204)) is allowed
    assert bool(ran) is allowed


# case A-1
def test_our_views_are_not_behind_the_login_middleware_for_auth_decides(client, settings, db):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, LOGIN_REQUIRED]
    assert client.get("/api/mizan/session/").status_code == 204
    response = client.get("/api/mizan/ctx/shelf/?shelf_id=1")
    assert response.status_code == 401
    assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "rule", [None, "authenticated", "staff", "shop.view_order", owns, aowns, auth.DEFAULT]
)
def test_a_rule_is_taken(rule):
    auth.check(rule, "the context 'x'")


@pytest.mark.parametrize("rule", ["", "Staff", "admin", "login", 1, True, False, ["staff"], 0.5])
def test_what_is_no_rule_is_refused_at_declaration(rule, declaring):
    for declare in (
        lambda: auth.check(rule, "the context 'x'"),
        lambda: Context("x", auth=rule),
        lambda: mutation(auth=rule, name="x")(lambda request: None),
    ):
        with pytest.raises(DeclarationError, match="is no rule; use None, 'authenticated'"):
            declare()
    assert "x" not in declaring.contexts
    assert "x" not in declaring.mutations


class Rule:
    def __call__(self, request, shelf_id):
        return True


class Unreadable:
    __signature__ = "none"

    def __call__(self, *args, **kwargs):
        return True


def careless(rule):
    @functools.wraps(rule)
    def inner(request, **params):
        return rule(request)

    return inner


ASKED = {
    "none": (lambda request: True, False),
    "another": (lambda request, other: True, False),
    "one more": (lambda request, shelf_id, other: True, False),
    "no request": (lambda **params: True, False),
    "short partial": (functools.partial(lambda request: True), False),
    "partial": (functools.partial(owns, other=1), True),
    "given already": (functools.partial(lambda request, shelf_id: True, shelf_id=1), True),
    "instance": (Rule(), True),
    "method": (Rule().__call__, True),
    "unreadable": (Unreadable(), True),
    "async": (aowns, True),
    "decorated": (careless(lambda request: True), True),
    "default": (lambda request, shelf_id, other=None: True, True),
}


@pytest.mark.parametrize(("rule", "taken"), ASKED.values(), ids=ASKED)
@pytest.mark.parametrize("default", [True, False])
@pytest.mark.parametrize("kind", ["context", "mutation"])
def test_a_rule_takes_all_parameters(kind, default, rule, taken, declaring, settings):
    def name(request, shelf_id: int) -> str:
        return ""

    settings.MIZAN = {"AUTH": rule} if default else {}
    declaring.contexts.clear()
    given = {} if default else {"auth": rule}
    if kind == "context":
        Context("probe", **given).query(name)
    else:
        mutation(name="probe", **given)(name)
    if taken:
        declaring.close()
        return
    with pytest.raises(DeclarationError, match=f"^the {kind} 'probe': .*let it take .*params$"):
        declaring.close()


@pytest.mark.parametrize(
    ("user", "rule", "error"),
    [
        (..., "authenticated", Unauthenticated),
        (None, "staff", Unauthenticated),
        (AnonymousUser(), "shop.view_order", Unauthenticated),
        (..., lambda request: False, Unauthenticated),
        (None, lambda request: 0, Unauthenticated),
        (get_user_model()(), lambda request: False, Forbidden),
        (get_user_model()(), "staff", Forbidden),
        (get_user_model()(is_active=False), lambda request: False, Unauthenticated),
        (..., lambda request: 1, None),
        (..., None, None),
    ],
)
def test_a_request_without_users_is_nobodys(user, rule, error):
    request = RequestFactory().get("/")
    if user is not ...:
        request.user = user
    if error is None:
        auth.authorise(rule, request, {})
    else:
        with pytest.raises(error):
            auth.authorise(rule, request, {})


def test_a_callable_is_asked_only_once_its_parameters_are_known():
    asked = []
    rule = lambda request, **params: asked.append(params) or True  # noqa: E731
    request = RequestFactory().get("/")
    auth.authorise(rule, request)
    assert asked == []
    auth.authorise(rule, request, {"shelf_id": 1, "rule": 2, "params": 3})
    assert asked == [{"shelf_id": 1, "rule": 2, "params": 3}]


async def adenies(request, **params):
    raise PermissionDenied("not you")


def denies(request, **params):
    raise PermissionDenied("not you")


@pytest.mark.parametrize("rule", [denies, adenies])
def test_a_rule_that_denies_as_django_does_shuts_a_fragment_and_not_the_page(rule, pages, client):
    def secret(request) -> str:
        return "secret"

    with declared(secret, auth=rule):
        page = pages.show('{% fragment "probe" %}{{ secret }}{% endfragment %}<p>rest</p>')
        assert (page.div.attrs, page.div.text, page.p.text) == ({}, "", "rest")
        assert json.loads(pages.show('{% mizan_data "probe" %}').script.string) == {
            "probe": {"status": 403}
        }
        error = client.get("/api/mizan/ctx/probe/").json()["error"]
    assert (error["code"], error["message"]) == ("forbidden", "not you")


def test_a_rule_that_says_itself_that_a_login_would_help_is_believed():
    def rule(request, **params):
        raise Unauthenticated()

    with pytest.raises(Unauthenticated):
        auth.authorise(rule, RequestFactory().get("/"), {})


# case A-3
def test_the_apps_own_rule_by_owner(client, hall, people):
    url = f"/api/mizan/ctx/owned/?shelf_id={hall.pk}"
    assert client.get(url).status_code == 401
    client.force_login(people["other"])
    assert client.get(url).status_code == 403
    client.force_login(people["owner"])
    response = client.get(url)
    assert response.json() == {"name": "Hall"}
    client.logout()
    assert client.get(url, headers={"If-None-Match": response["ETag"]}).status_code == 401
