"""A fragment is a piece of a template bound to keys: rendered now, and again when they are stale.

It is isolated: inside stand its contexts' queries, its parameters and the request's context
processors, and nothing else of the page, so that it is the same on its first and every later
render.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from django.template import Context as TemplateContext
from django.template import Engine, Template
from django.template.base import NodeList
from django.template.context import RenderContext
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe

from mizan_htmx import http
from mizan_htmx.auth import authorise
from mizan_htmx.contexts import Bundle, Context
from mizan_htmx.exceptions import Changed, DeclarationError
from mizan_htmx.keys import Key
from mizan_htmx.parameters import Parameter, query_string, validate
from mizan_htmx.recording import reading
from mizan_htmx.references import Reference, find
from mizan_htmx.registry import registry

PER_RESPONSE = ("csrf_token", "csp_nonce")
"""What a context processor gives anew for each response; it stays out of the etag."""


class Rendered(NamedTuple):
    """A fragment's inner HTML, in which placeholders stand for what differs per response."""

    text: str
    secrets: Mapping[str, Any]

    @property
    def html(self) -> SafeString:
        """With this response's values."""
        html = self.text
        for placeholder, value in self.secrets.items():
            if placeholder in html:
                html = html.replace(placeholder, str(value))
        return mark_safe(html)

    @property
    def etag(self) -> str:
        """A tag that changes when what it shows does."""
        return http.etag(self.text.encode())


class Fragment:
    """One fragment for one request: what it shows, for whom, with which parameters.

    Args:
        request: whose rights decide, in every render.
        reference: which piece of which template.
        contexts: what it shows; each takes the parameters it has.
        given: the parameters as texts, from a URL or from a tag.

    Raises:
        Invalid: for a parameter that is missing, unknown or ill-typed.
        Unauthenticated, Forbidden: as the contexts' ``auth=`` decides.
        Http404: a rule found nothing.
    """

    def __init__(
        self,
        request: HttpRequest,
        reference: Reference,
        contexts: tuple[Context, ...],
        given: Mapping[str, Any],
    ) -> None:
        self.request = request
        self.reference = reference
        for context in contexts:
            authorise(context.auth, request)
        self.parameters = union(contexts)
        self.params = validate(self.parameters, given)
        try:
            self.bundles = [
                context.load(request, **{n: self.params[n] for n in context.parameters})
                for context in contexts
            ]
        except ObjectDoesNotExist as error:  # a rule looks at what it is asked about
            raise Http404(str(error)) from error

    @classmethod
    def again(
        cls, request: HttpRequest, reference: Reference, given: Mapping[str, Any]
    ) -> Fragment:
        """The fragment of a reference that a request brought; its language is spoken already.

        Raises:
            Changed: a context it shows is not there any more.
        """
        if not registry.contexts.keys() >= set(reference.contexts):
            raise Changed()
        contexts = tuple(registry.contexts[name] for name in reference.contexts)
        return cls(request, reference, contexts, given)

    @property
    def keys(self) -> list[Key]:
        """What it is bound to."""
        return [bundle.key for bundle in self.bundles]

    def query(self) -> str:
        """Its parameters as a URL says them."""
        return query_string({n: p.to_texts(self.params[n]) for n, p in self.parameters.items()})

    def give(self, name: str, value: Any) -> None:
        """Hand over a query's result for this render.

        Raises:
            DeclarationError: none of its contexts has such a query.
        """
        for bundle in self.bundles:
            if name in bundle.context.queries:
                bundle.give(name, value)
                return
        names = ", ".join(name for bundle in self.bundles for name in bundle)
        raise DeclarationError(f"`with {name}=`: there is no query {name!r}; there are: {names}")

    def render(self, template: Template, nodelist: NodeList, *, nested: bool = False) -> Rendered:
        """Render the nodes in isolation.

        Args:
            nested: inside another fragment, which then fills in what differs per response.

        Raises:
            Http404: a query found nothing.
            Exception: whatever else a query raised; a template swallows none of it.
        """
        shared = Shared.of(self.request, template.engine)
        variables = {**shared.variables, **self.params}
        for bundle in self.bundles:
            for name in bundle.context.queries:
                variables[name] = _lazy(bundle, name, variables)
        with reading(f"the fragment of {self.reference.template}"):
            html = self._html(template, nodelist, variables, shared)
        return Rendered(html, {} if nested else shared.secrets)

    def render_again(
        self, find: Callable[[Reference], tuple[Template, NodeList]] = find
    ) -> Rendered:
        """Render as its reference says; its language is spoken already.

        Args:
            find: how what a reference says is found; many fragments may be of one.

        Raises:
            Changed: the template is not what it was.
        """
        return self.render(*find(self.reference))

    def _html(
        self, template: Template, nodelist: NodeList, variables: dict[str, Any], shared: Shared
    ) -> str:
        html, failure = "", None
        try:
            html = _render(template, nodelist, variables, self.request, shared)
        except Exception as error:
            failure = error
        # What a query raised counts, whatever the template made of it.
        for bundle in self.bundles:
            failure = bundle.failure or failure
        if isinstance(failure, ObjectDoesNotExist):
            raise Http404(str(failure)) from failure
        if failure is not None:
            raise failure
        return html


def speaking(language: str) -> AbstractContextManager[None]:
    """Inside, a reference's language is the active one; mostly it is already."""
    if language == (translation.get_language() or ""):
        return nullcontext()
    return translation.override(language or None)


def union(contexts: tuple[Context, ...]) -> Mapping[str, Parameter]:
    """The parameters of several contexts, by name."""
    if len(contexts) == 1:
        return contexts[0].parameters
    return {name: p for context in contexts for name, p in context.parameters.items()}


class Shared:
    """What all fragments of a response share, made once: a page may have hundreds.

    Attributes:
        variables: what the context processors give, with placeholders for what is secret.
        secrets: {placeholder: value}.
        rendering: Django's memory of the templates it has included.
    """

    def __init__(self, request: HttpRequest, engine: Engine) -> None:
        self.variables = {
            name: value
            for processor in engine.template_context_processors
            for name, value in processor(request).items()
        }
        self.secrets: dict[str, Any] = {}
        self.rendering = RenderContext()
        for name in PER_RESPONSE:
            if self.variables.get(name) is not None:
                placeholder = _placeholder(name)
                self.secrets[placeholder] = self.variables[name]
                self.variables[name] = placeholder

    @staticmethod
    def of(request: HttpRequest, engine: Engine) -> Shared:
        """That of a request; engines differ in their processors."""
        # On the request: what it holds may hold the request, so that no weak key would ever go.
        engines: dict[Engine, Shared] = request.__dict__.setdefault("_mizan_shared", {})
        if engine not in engines:
            engines[engine] = Shared(request, engine)
        return engines[engine]


def _lazy(bundle: Bundle, name: str, variables: dict[str, Any]) -> Any:
    if name in bundle.results and not callable(bundle.results[name]):
        return bundle.results[name]

    # A template calls what it looks up, when it looks it up: an untouched query never runs.
    def run() -> Any:
        value = bundle[name]
        if not callable(value):
            variables[name] = value  # found at once from now on
        return value

    return run


def _placeholder(name: str) -> str:
    # Not to be guessed: where it stands, the response's token will.
    return salted_hmac("mizan_htmx.placeholder", name, algorithm="sha256").hexdigest()


def _render(
    template: Template,
    nodelist: NodeList,
    variables: dict[str, Any],
    request: HttpRequest,
    shared: Shared,
) -> str:
    context = TemplateContext(variables, autoescape=template.engine.autoescape)
    context.request = request  # type: ignore[attr-defined]  # {% url %} and others look there
    context.in_fragment = True  # type: ignore[attr-defined]
    context.render_context = shared.rendering
    context.template = template  # as bind_template does, for a context that serves once
    with context.render_context.push_state(template):
        return str(nodelist.render(context))
