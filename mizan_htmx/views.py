"""The library's own views: session, call, ctx, fragment and fresh.

They are exempt from LoginRequiredMiddleware, because ``auth=`` decides, and from the CSRF
middleware's HTML answer, because they make the same check and answer with data.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import DisallowedRedirect
from django.db import connections, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag, url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie
from django_htmx.http import reswap
from django_htmx.middleware import HtmxDetails

from mizan_htmx import fresh as batches
from mizan_htmx import http, rpc
from mizan_htmx.data import admitted
from mizan_htmx.exceptions import (
    CsrfFailed,
    MethodNotAllowed,
    RequestError,
    UserChanged,
)
from mizan_htmx.fragments import Fragment, speaking
from mizan_htmx.page import user_id
from mizan_htmx.recording import pending
from mizan_htmx.references import read
from mizan_htmx.registry import registry, requested

View = Callable[..., HttpResponseBase]
FORMS = (rpc.URLENCODED, "multipart/form-data")
READ, WRITE = ("GET", "HEAD"), ("POST",)
LOGGED = "_has_been_logged"
"""Where Django looks whether it has still to log an answer's status."""


def view(*methods: str) -> Callable[[View], View]:
    """What all views share: their methods, and errors as data."""

    def decorate(function: View) -> View:
        @csrf_exempt
        @login_not_required
        @wraps(function)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                if request.method not in methods:
                    raise MethodNotAllowed(methods)
                if methods == WRITE:
                    check_csrf(request)
                return function(request, *args, **kwargs)
            except Exception as error:
                told = rpc.as_request_error(error)
                logged = rpc.report(request, error, told)
                response = failed(request, told)
                setattr(response, LOGGED, logged)
                return response

        # A mutation has a transaction of its own, which ends before the answer is made.
        for alias in connections:
            inner = transaction.non_atomic_requests(using=alias)(inner)
        return inner

    return decorate


@view(*READ)
@ensure_csrf_cookie
def session(request: HttpRequest) -> HttpResponseBase:
    """204, with the CSRF token in a cookie and, for pages that may not read it, in a header."""
    response = HttpResponse(status=204)
    response["X-CSRFToken"] = get_token(request)
    response["Cache-Control"] = "no-store"
    return response


@view(*WRITE)
def call(request: HttpRequest) -> HttpResponseBase:
    """``{"fn": name, "args": {…}}`` → ``{"result": …, "invalidate": […]}``."""
    rpc.content_type(request, http.JSON)
    check_user(request)
    name, arguments = rpc.read_call(request)
    return answer(rpc.perform(request, requested(registry.mutations, name), arguments))


@view(*WRITE)
def call_by_name(request: HttpRequest, name: str) -> HttpResponseBase:
    """The same by a URL of its own, for forms: what ``{% mutate %}`` posts to."""
    kind = rpc.content_type(request, *FORMS, http.JSON)
    check_user(request)
    mutation = requested(registry.mutations, name)
    if kind == http.JSON:
        return answer(rpc.perform(request, mutation, rpc.read_arguments(request)))
    result = rpc.perform(request, mutation, rpc.read_form(request), form=True)
    if isinstance(result, HttpResponseBase) or http.JSON in request.headers.get("Accept", ""):
        return answer(result)
    if HtmxDetails(request):
        return HttpResponse(status=204)
    return see_other(next_url(request))


@view(*READ)
def ctx(request: HttpRequest, name: str) -> HttpResponseBase:
    """A context's data: all of its queries by name."""
    context = requested(registry.contexts, name)
    body = http.to_json(admitted(request, context, query_of(request)).data())
    return conditional(request, HttpResponse(body, content_type=http.JSON), http.etag(body))


@view(*READ)
def fragment(request: HttpRequest) -> HttpResponseBase:
    """A fragment's inner HTML, by its reference and its parameters."""
    given = query_of(request)
    reference = read(",".join(given.pop("f", [])))
    with speaking(reference.language):
        rendered = Fragment.again(request, reference, given).render_again()
    return conditional(request, HttpResponse(rendered.html), rendered.etag)


@view(*READ)
def fresh(request: HttpRequest) -> HttpResponseBase:
    """Many fragments and contexts, each with an answer of its own."""
    query = request.META.get("QUERY_STRING", "")
    rpc.check_utf8(query.encode())
    items = batches.read(query)
    bounds = getattr(request, batches.BOUNDS, batches.NONE)
    if len(items) > 1 or bounds is not batches.NONE:
        items = batches.prompt(items)
    return private(http.JsonResponse(batches.answer(request, items, bounds)))


def conditional(request: HttpRequest, response: HttpResponse, etag: str) -> HttpResponseBase:
    """What a read answers with: private, revalidated each time, 304 where nothing changed."""
    response["ETag"] = quote_etag(etag)
    private(response)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def private(response: HttpResponse) -> HttpResponse:
    """What one reader is shown: nobody else's cache may keep it."""
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    patch_vary_headers(response, ("Cookie",))
    return response


def answer(result: Any) -> HttpResponseBase:
    """A mutation's answer: its own response as it is, or its result with what went stale."""
    if isinstance(result, HttpResponseBase):
        return result
    return http.CallResponse(result, pending())


def failed(request: HttpRequest, error: RequestError) -> HttpResponse:
    """An error as data; to a browser that posted a form, as a page."""
    posted = request.content_type in FORMS and request.method == "POST"
    asks_for_json = http.JSON in request.headers.get("Accept", "")
    if posted and not HtmxDetails(request) and not asks_for_json:
        response = render(request, "mizan_htmx/error.html", {"error": error}, status=error.status)
    else:
        response = http.JsonResponse(rpc.as_json(error), error.status)
        if HtmxDetails(request):
            reswap(response, "none")
    response["Cache-Control"] = "no-store"
    if isinstance(error, MethodNotAllowed):
        response["Allow"] = ", ".join(error.allowed)
    return response


def query_of(request: HttpRequest) -> QueryDict:
    """The query string's parameters, to take from."""
    rpc.check_utf8(request.META.get("QUERY_STRING", "").encode())
    return request.GET.copy()


def next_url(request: HttpRequest) -> str:
    """Where a browser without JavaScript goes on: ``next``, or where it came from, or ``/``.

    A relative one is relative to a page that is not known here, so it is as good as none.
    """
    wanted = (request.POST.get("next"), request.GET.get("next"), request.headers.get("Referer"))
    hosts, https = {request.get_host()}, request.is_secure()
    for url in filter(None, wanted):
        absolute = url.startswith(("/", "http://", "https://"))
        if absolute and url_has_allowed_host_and_scheme(url, hosts, require_https=https):
            return url
    return "/"


def see_other(url: str) -> HttpResponseRedirect:
    """A redirect after a write. That stands, so where Django refuses a long URL, it is ``/``."""
    try:
        return HttpResponseRedirect(url, status=303)
    except DisallowedRedirect:
        return HttpResponseRedirect("/", status=303)


def check_user(request: HttpRequest) -> None:
    """Refuse a call from a page that was made for another user.

    Raises:
        UserChanged: nothing was run.
    """
    claimed = request.META.get("HTTP_X_MIZAN_EPOCH")
    if claimed and claimed != http.epoch(user_id(request)):
        raise UserChanged()


class _Csrf(CsrfViewMiddleware):
    """Django's check; the reason instead of a page."""

    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def _guarded(request: HttpRequest) -> HttpResponseBase:
    """Stands for a view that is not exempt."""
    return HttpResponse()


def check_csrf(request: HttpRequest) -> None:
    """Make the CSRF middleware's check.

    Raises:
        CsrfFailed: with its reason; nothing was run.
    """
    check = _Csrf(_guarded)  # anew, for it keeps what it read of the settings
    if "CSRF_COOKIE" not in request.META:  # where the project's own middleware has not read it
        check.process_request(request)
    reason: Any = check.process_view(request, _guarded, (), {})
    if reason:
        raise CsrfFailed(str(reason))
