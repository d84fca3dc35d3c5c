"""The nodes of the template tags that take contexts, keys or a mutation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.template import Context as TemplateContext
from django.template import Node, TemplateSyntaxError
from django.template.base import FilterExpression
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString

from mizan_htmx import data
from mizan_htmx.contexts import Context
from mizan_htmx.exceptions import DeclarationError, Forbidden, Unauthenticated
from mizan_htmx.fragments import Fragment, union
from mizan_htmx.keys import Key
from mizan_htmx.mutations import Mutation
from mizan_htmx.page import html_attributes
from mizan_htmx.parameters import Parameter
from mizan_htmx.references import Block, Reference
from mizan_htmx.registry import registry
from mizan_htmx.signatures import exact

STALE = "mizan:invalidate"
OPTIONS = ("as", "class", "hx_trigger", "hx_swap")
VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track"]
)
REFUSED_ELEMENTS = VOID | {"wbr", "script", "style", "template"}
REFUSED_SWAPS = frozenset({"outerHTML", "outerMorph", "outerSync", "delete"})
_ELEMENT = re.compile(r"[a-z][a-z0-9-]*")

Expressions = Mapping[str, FilterExpression]


class FragmentNode(Node):
    """A wrapper that refetches itself, and inside it the fragment's first render.

    Args:
        targets: contexts by name, or variables that hold keys or contexts.
        params: the parameters.
        options: ``as``, ``class``, ``hx_trigger``, ``hx_swap`` and attributes ending in ``_``.
        given: results of queries that the page has at hand.
        template: the name of the template to render, or None for a block.
        block: the nodes inside and the hash of their source, or None for a template.
    """

    child_nodelists = ("nodelist",)

    def __init__(
        self,
        targets: list[Context | FilterExpression],
        params: Expressions,
        options: Expressions,
        given: Expressions,
        template: str | None,
        block: Block | None,
    ) -> None:
        self.targets, self.params, self.options, self.given = targets, params, options, given
        self.template, self.block = template, block
        if block is not None:
            self.nodelist = block.nodelist

    def render(self, context: TemplateContext) -> SafeString:
        options = resolved(self.options, context)
        element = options.pop("as", None) or "div"
        if not _ELEMENT.fullmatch(element) or element in REFUSED_ELEMENTS:
            raise TemplateSyntaxError(f"as={element!r} cannot wrap a fragment")
        attributes = {"class": options.pop("class")} if "class" in options else {}
        swap, trigger = options.pop("hx_swap", None), options.pop("hx_trigger", None)
        attributes |= {n.rstrip("_").replace("_", "-"): value for n, value in options.items()}
        inner = SafeString("")
        try:
            fragment, inner = self._render(context)
        except (Unauthenticated, Forbidden):
            pass  # an empty wrapper, bound to nothing: the login that lets them in loads a page
        else:
            attributes |= bound(fragment.keys, trigger)
            base = address(context, "fragment", language=fragment.reference.language)
            attributes["hx-get"] = f"{base}?{fragment.query()}"
            if swap:
                attributes["data-mizan-swap"] = check_swap(str(swap))
        return SafeString(f"<{element}{html_attributes(attributes)}>{inner}</{element}>")

    def _render(self, context: TemplateContext) -> tuple[Fragment, SafeString]:
        contexts, params = targeted(self.targets, resolved(self.params, context), context)
        reference = Reference(
            self.template or str(self.origin.template_name),
            self.block.source if self.block else "",
            tuple(c.name for c in contexts),
            translation.get_language() or "",
        )
        parameters = union(contexts)
        given = MultiValueDict({n: as_texts(parameters, n, v) for n, v in params.items()})
        fragment = Fragment(request_of(context), reference, contexts, given)
        for name, value in resolved(self.given, context).items():
            fragment.give(name, value)
        if self.block is not None:
            template: Any = context.template
            nodelist = self.block.nodelist
        else:
            found = memory(context)
            if self not in found:
                found[self] = get_template(reference.template)
            template = found[self].template
            nodelist = template.nodelist
        nested = getattr(context, "in_fragment", False)
        return fragment, fragment.render(template, nodelist, nested=nested).html


class BindNode(Node):
    """Attributes that bind an element of the page's own to keys."""

    def __init__(
        self,
        targets: list[Context | FilterExpression],
        params: Expressions,
        trigger: FilterExpression | None,
    ) -> None:
        self.targets, self.params, self.trigger = targets, params, trigger

    def render(self, context: TemplateContext) -> SafeString:
        keys = keyed(self.targets, self.params, context)
        trigger = self.trigger.resolve(context) if self.trigger else None
        return SafeString(html_attributes(bound(keys, trigger)).strip())


class DataNode(Node):
    """What the islands of the page start with."""

    def __init__(self, targets: list[Context | FilterExpression], params: Expressions) -> None:
        self.targets, self.params = targets, params

    def render(self, context: TemplateContext) -> SafeString:
        keys = keyed(self.targets, self.params, context)
        return data.script(data.page_data(request_of(context), *keys))


class MutateNode(Node):
    """Attributes that make a form or a button call a mutation, with JavaScript and without."""

    def __init__(self, mutation: Mutation, params: Expressions) -> None:
        self.mutation, self.params = mutation, params

    def render(self, context: TemplateContext) -> SafeString:
        parameters = self.mutation.signature.parameters
        query: dict[str, list[str]] = {}
        lists: dict[str, list[str]] = {}
        values: dict[str, Any] = {}
        for name, value in resolved(self.params, context).items():
            texts = as_texts(parameters, name, value)
            query[name] = texts
            if len(texts) == 1:
                values[name] = value if isinstance(value, int) else texts[0]
            else:  # htmx 4 has no repetition in hx-vals
                lists[name] = texts
        url = address(context, "call_by_name", self.mutation.name)
        whole = f"{url}?{urlencode(query, doseq=True)}" if query else url
        attributes = {"hx-post": f"{url}?{urlencode(lists, doseq=True)}" if lists else url}
        if values:
            attributes["hx-vals"] = json.dumps(exact(values))
        attributes |= {"method": "post", "action": whole, "formmethod": "post", "formaction": whole}
        return SafeString(html_attributes(attributes).strip())


def bound(keys: Iterable[Key], trigger: object) -> dict[str, str]:
    """The attributes of a binding: what it hears and what makes it stale."""
    heard = f"{trigger}, {STALE}" if trigger else STALE
    return {"hx-trigger": heard, "data-mizan-keys": ", ".join(map(str, keys))}


def address(context: TemplateContext, name: str, *args: str, language: str | None = None) -> str:
    """Where one of the library's views is; looked up once in the rendering of a page."""
    found = memory(context)
    key = name, args, language or translation.get_language()
    if key not in found:
        found[key] = reverse(f"mizan_htmx:{name}", args=args)
    return str(found[key])


def memory(context: TemplateContext) -> dict[Any, Any]:
    """What the tags of one rendering remember; ``{% include %}`` keeps its templates there."""
    found: Any = context.render_context.dicts[0]
    remembered: dict[Any, Any] = found
    return remembered


def resolved(expressions: Expressions, context: TemplateContext) -> dict[str, Any]:
    """The values of a tag's arguments."""
    return {name: expression.resolve(context) for name, expression in expressions.items()}


def targeted(
    targets: Iterable[Context | FilterExpression], params: dict[str, Any], context: TemplateContext
) -> tuple[tuple[Context, ...], dict[str, Any]]:
    """The contexts of a tag, and its parameters joined with those of its keys."""
    contexts = []
    for target in targets:
        value = resolve(target, context)
        if isinstance(value, Key):
            params = joined(params, value)
            value = registry.context(value.name)
        contexts.append(value)
    return tuple(contexts), params


def keyed(
    targets: Iterable[Context | FilterExpression], params: Expressions, context: TemplateContext
) -> list[Key]:
    """The key of each target.

    Raises:
        DeclarationError: none of them has a parameter of that name.
    """
    values = resolved(params, context)
    found = [targeted([target], values, context) for target in targets]
    names = {name for (one,), _ in found for name in one.parameters}
    if unknown := values.keys() - names:
        raise DeclarationError(f"no context here has a parameter {min(unknown)!r}")
    # A parameter of the tag is for those contexts that have it; a key's must be its own.
    return [
        one.key(**{n: v for n, v in given.items() if n in one.parameters or n not in values})
        for (one,), given in found
    ]


def joined(params: Mapping[str, Any], key: Key) -> dict[str, Any]:
    """Parameters with those of a key; one URL has one value for each.

    Raises:
        DeclarationError: two of them differ.
    """
    for name, value in key.params.items():
        if name in params and not Key("value", value=params[name]).covers(
            Key("value", value=value)
        ):
            raise DeclarationError(f"{name} is {params[name]!r:.100} and, in {key}, another")
    return {**params, **key.values()}


def resolve(target: Context | FilterExpression, context: TemplateContext) -> Context | Key:
    """A tag's target: a context, by itself or by name, or a key.

    Raises:
        DeclarationError: it is none of these.
    """
    value = target.resolve(context) if isinstance(target, FilterExpression) else target
    if isinstance(value, str):
        value = registry.context(value)
    if not isinstance(value, Context | Key):
        raise DeclarationError(f"{target} is {value!r:.100}; give a context's name or a Key")
    return value


def as_texts(parameters: Mapping[str, Parameter], name: str, value: Any) -> list[str]:
    """One parameter as a URL says it; an unknown one goes on, to be refused by name."""
    parameter = parameters.get(name) or Parameter(name, Any)
    return parameter.to_texts(value)


def request_of(context: TemplateContext) -> HttpRequest:
    """The request a template is rendered for."""
    request = getattr(context, "request", None) or context.get("request")
    if request is None:
        raise DeclarationError("a fragment needs the request: use render(request, …)")
    found: HttpRequest = request
    return found


def check_swap(swap: str) -> str:
    """Refuse a swap that would take the wrapper itself away."""
    if (swap.split() or ["innerHTML"])[0].partition(":")[0] in REFUSED_SWAPS:
        raise TemplateSyntaxError(f"hx_swap={swap!r} would take the fragment's wrapper away")
    return swap
