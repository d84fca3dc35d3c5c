"""What a page carries for the script, and what is each response's own: CSRF token and nonce."""

import asyncio

import django
import pytest
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.template import Context as TemplateContext
from django.template import Template
from django.test import AsyncClient, Client
from django.urls import clear_script_prefix, include, path, set_script_prefix

from mizan_htmx import page
from mizan_htmx.exceptions import DeclarationError
from tests.library.pages import Pages, soup

pytestmark = pytest.mark.django_db
django6 = pytest.mark.skipif(django.VERSION < (6,), reason="Django's own CSP came with 6.0")


def fragment(inside):
    return '{% fragment "news" %}' + inside + "{% endfragment %}"


def scripts(pages):
    (script,) = pages.show("{% mizan_scripts %}").find_all(True)
    assert (script.name, script.text) == ("script", "")
    return script


def test_one_module_and_what_it_needs(pages):
    attributes = scripts(pages).attrs
    epoch = attributes.pop("data-mizan-epoch")
    assert attributes == {
        "type": "module",
        "src": "/static/mizan_htmx/mizan.min.js",
        "data-mizan-base": "/api/mizan/",
        "data-mizan-login": "/login/",
        "data-mizan-typing": "/static/mizan_htmx/typing.min.js",
        "data-mizan-csrfheader": "X-CSRFTOKEN",
        "data-mizan-csrfcookie": "csrftoken",
    }
    answer = pages.client.get("/api/mizan/ctx/news/")
    assert answer["X-Mizan-Epoch"] == epoch
    assert finders.find(page.SCRIPT)


@pytest.mark.parametrize(("number", "said"), [(20, "20"), (80, "80"), (50, None)])
def test_how_many_items_a_batch_takes_is_said_where_it_is_not_the_default(
    number, said, pages, settings
):
    settings.MIZAN = {"FRESH_ITEMS": number}
    assert scripts(pages).get("data-mizan-items") == said


# --- whose page it is


# case R-14
def test_epoch_is_the_users_and_differs_per_user(pages, owner):
    stranger = get_user_model().objects.create_user("stranger")
    epochs = [scripts(pages)["data-mizan-epoch"]]
    for user in (owner, stranger, owner):
        pages.client.force_login(user)
        epochs.append(scripts(pages)["data-mizan-epoch"])
        answer = pages.client.get("/page/", headers={"HX-Request": "true"})
        assert answer["X-Mizan-Epoch"] == epochs[-1]
    pages.client.logout()
    epochs.append(scripts(pages)["data-mizan-epoch"])
    anonymous, first, second, again, left = epochs
    assert anonymous == left
    assert first == again
    assert len({anonymous, first, second}) == 3


def test_epoch_is_no_user_id_and_differs_per_site(pages, settings, owner):
    pages.client.force_login(owner)
    here = scripts(pages)["data-mizan-epoch"]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "elsewhere", ["tests"]
    there = scripts(pages)["data-mizan-epoch"]
    assert here != there
    assert str(owner.pk) not in (here, there)


def test_page_without_sessions(rf):
    source = Template("{% load mizan %}{% mizan_scripts %}")
    script = soup(source.render(TemplateContext({"request": rf.get("/")}))).script
    assert script["data-mizan-epoch"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", [False, True])
def test_page_rendered_on_an_event_loop(pages, settings, owner, first):
    async def view(request):
        if first:
            await request.auser()
        return pages.view(request)

    pages["page.html"] = "{% mizan_scripts %}"
    settings.ROOT_URLCONF = (path("async/", view), *settings.ROOT_URLCONF)
    client = AsyncClient()
    client.force_login(owner)
    if first:
        answer = asyncio.run(client.get("/async/", headers={"HX-Request": "true"}))
        script = soup(answer.content.decode()).script
        assert script["data-mizan-epoch"] == answer["X-Mizan-Epoch"]
    else:
        with pytest.raises(DeclarationError, match=r"sync_to_async\(render\)"):
            asyncio.run(client.get("/async/"))


# --- where things are


@pytest.mark.parametrize(
    ("login", "url"),
    [
        ("/login/", "/login/"),
        ("log-in", "/accounts/in/"),
        ("https://sso.example/in?a=1&b=2", "https://sso.example/in?a=1&b=2"),
    ],
)
def test_login_url(pages, settings, login, url):
    settings.ROOT_URLCONF = (
        *settings.ROOT_URLCONF,
        path("accounts/in/", pages.view, name="log-in"),
    )
    settings.LOGIN_URL = login
    assert scripts(pages)["data-mizan-login"] == url


@pytest.mark.parametrize("prefix", ["", "session/", "a/b/"])
def test_base_is_where_the_urls_are_included(pages, settings, prefix):
    settings.ROOT_URLCONF = (
        path("page/", pages.view),
        path(prefix, include("mizan_htmx.urls")),
    )
    base = scripts(pages)["data-mizan-base"]
    assert base == f"/{prefix}"
    assert pages.client.get(f"{base}session/").status_code == 204


@pytest.fixture
def mounted():
    """The site, below /app/ of its server."""
    set_script_prefix("/app/")
    yield
    clear_script_prefix()


def test_base_and_fragments_under_a_script_name(pages, mounted):
    shown = pages.show("{% mizan_scripts %}" + fragment("{{ limit }}"))
    assert shown.script["data-mizan-base"] == "/app/api/mizan/"
    assert shown.div["hx-get"].startswith("/app/api/mizan/fragment/?f=")


# --- the CSRF token


@pytest.mark.parametrize(
    ("changed", "attributes"),
    [
        ({}, {"data-mizan-csrfcookie": "csrftoken"}),
        ({"CSRF_COOKIE_NAME": "other"}, {"data-mizan-csrfcookie": "other"}),
        ({"CSRF_COOKIE_HTTPONLY": True}, {"data-mizan-csrftoken": ...}),
        ({"CSRF_USE_SESSIONS": True}, {"data-mizan-csrftoken": ...}),
        (
            {"CSRF_USE_SESSIONS": True, "CSRF_COOKIE_NAME": "other"},
            {"data-mizan-csrftoken": ...},
        ),
        (
            {"CSRF_HEADER_NAME": "HTTP_X_XSRF_TOKEN"},
            {"data-mizan-csrfheader": "X-XSRF-TOKEN", "data-mizan-csrfcookie": "csrftoken"},
        ),
    ],
)
def test_script_comes_by_a_token_that_works(settings, hall, changed, attributes):
    for name, value in changed.items():
        setattr(settings, name, value)
    client = Client(enforce_csrf_checks=True)
    script = scripts(Pages(client, settings))
    found = {name: text for name, text in script.attrs.items() if "csrf" in name}
    token = found.get("data-mizan-csrftoken")
    expected = {"data-mizan-csrfheader": "X-CSRFTOKEN", **attributes}
    assert found == {n: token if text is ... else text for n, text in expected.items()}
    token = token or client.cookies[found["data-mizan-csrfcookie"]].value
    arguments = {"fn": "add_book", "args": {"shelf_id": hall.pk, "title": "T"}}
    for headers, status in [({}, 403), ({found["data-mizan-csrfheader"]: token}, 200)]:
        answer = client.post(
            "/api/mizan/call/", arguments, content_type="application/json", headers=headers
        )
        assert answer.status_code == status


TOKEN = '<form>{% csrf_token %}<b data-x="{{ csrf_token }}"></b></form>'


@pytest.mark.parametrize("inside", [TOKEN, fragment("a" + TOKEN), fragment("") + TOKEN])
def test_token_of_a_fragment_works_and_its_etag_is_stable(settings, hall, inside):
    pages = Pages(Client(enforce_csrf_checks=True), settings)
    wrapper = pages.one(fragment("Łódź" + inside))
    answers = [pages.refetch(wrapper) for _ in range(3)]
    forms = [soup(html).form for html in (pages.html, *(answer.content for answer in answers))]
    tokens = [form.input["value"] for form in forms]
    assert tokens == [form.b["data-x"] for form in forms]
    assert len(set(tokens)) == 4
    assert len({answer["ETag"] for answer in answers}) == 1
    for token in tokens:
        body = {"shelf_id": hall.pk, "title": "T", "csrfmiddlewaretoken": token}
        assert pages.client.post("/api/mizan/call/add_book/", body).status_code == 303
    assert pages.refetch(wrapper, **{"If-None-Match": answers[0]["ETag"]}).status_code == 304


# --- the CSP nonce


@pytest.mark.parametrize(
    ("known", "on_request", "nonce"),
    [
        ({}, None, None),
        ({"csp_nonce": "abc"}, None, "abc"),
        ({}, "def", "def"),
        ({"csp_nonce": "abc"}, "def", "abc"),
        ({"csp_nonce": None}, "def", "def"),
    ],
)
def test_nonce_of_the_context_or_the_request(rf, known, on_request, nonce):
    request = rf.get("/", headers={"X-Nonce": "evil", "CSP-Nonce": "evil"})
    if on_request:
        request.csp_nonce = on_request
    template = Template("{% load mizan %}{% mizan_scripts %}")
    script = soup(template.render(TemplateContext({"request": request, **known}))).script
    assert script.get("nonce") == nonce


@pytest.fixture
def strict(pages, settings):
    """Pages under Django's own policy: only scripts with the response's nonce."""
    from django.utils.csp import CSP

    policy = "django.middleware.csp.ContentSecurityPolicyMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, policy]
    settings.SECURE_CSP = {"script-src": [CSP.NONCE]}
    pages.configure(["django.template.context_processors.csp"])
    return pages


# case X-7
@django6
def test_script_runs_under_djangos_own_policy(strict):
    scripts(strict)
    answers = [strict.client.get("/page/") for _ in range(2)]
    nonces = [soup(answer.content).script["nonce"] for answer in answers]
    policies = [answer["Content-Security-Policy"] for answer in answers]
    assert policies == [f"script-src 'nonce-{nonce}'" for nonce in nonces]
    assert len(set(nonces)) == 2


# case X-7
@django6
@pytest.mark.parametrize("nested", [False, True])
def test_nonce_of_a_fragment_is_its_responses_and_its_etag_is_stable(strict, nested):
    inside = '<script nonce="{{ csp_nonce }}"></script>'
    wrapper = strict.one(fragment(fragment(inside) if nested else inside))
    answers = [strict.client.get("/page/"), strict.refetch(wrapper)]
    answers.append(strict.refetch(wrapper, **{"X-Nonce": "evil", "CSP-Nonce": "evil"}))
    nonces = [soup(answer.content).script["nonce"] for answer in answers]
    policies = [answer["Content-Security-Policy"] for answer in answers]
    assert policies == [f"script-src 'nonce-{nonce}'" for nonce in nonces]
    assert len(set(nonces)) == 3
    assert answers[1]["ETag"] == answers[2]["ETag"]


@django6
def test_nonce_is_none_where_there_is_no_policy(pages):
    pages.configure(["django.template.context_processors.csp"])
    inside = "{% if csp_nonce is None %}none{% endif %}{{ csp_nonce|default_if_none:'!' }}"
    wrapper = pages.one(fragment(inside))
    assert wrapper.text == "none!"
    assert pages.refetch(wrapper).content == b"none!"
