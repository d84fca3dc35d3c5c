"""The nodes of the template tags that take contexts, keys or a mutation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.template import Context as TemplateContext
from django.template import Node, TemplateSyntaxError
from django.template.base import FilterExpression, NodeList
from django.template.loader import get_template
from django.utils import translation
from django.utils.safestring import SafeString

from mizan_htmx import data
from mizan_htmx.arguments import (
    Expressions,
    address,
    as_given,
    as_texts,
    is_constant,
    keyed,
    memory,
    request_of,
    resolved,
    targeted,
)
from mizan_htmx.contexts import Context
from mizan_htmx.exceptions import Forbidden, Unauthenticated
from mizan_htmx.fragments import Fragment
from mizan_htmx.keys import Key
from mizan_htmx.mutations import Mutation
from mizan_htmx.page import html_attribute, html_attributes
from mizan_htmx.parameters import query_string
from mizan_htmx.references import Block, Reference
from mizan_htmx.signatures import exact

STALE = "mizan:invalidate"
OPTIONS = ("as", "class", "hx_trigger", "hx_swap")
VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track"]
)
# A form would send its fields with each refetch, which are no parameters of the fragment.
REFUSED_ELEMENTS = VOID | {"wbr", "script", "style", "template", "form"}
REFUSED_SWAPS = frozenset({"outerHTML", "outerMorph", "outerSync", "delete"})
_ELEMENT = re.compile(r"[a-z][a-z0-9-]*")


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
        self.wrapper: Wrapper | None = None
        if block is not None:
            self.nodelist = block.nodelist

    def render(self, context: TemplateContext) -> SafeString:
        wrapper = self.wrapper or self._wrapper(context)
        contexts, params = targeted(self.targets, resolved(self.params, context), context)
        piece = self._piece(contexts, context)
        inner, bound = SafeString(""), ""
        try:
            fragment = Fragment(
                request_of(context), piece.reference, contexts, as_given(contexts, params)
            )
            for name, value in resolved(self.given, context).items():
                fragment.give(name, value)
            nested = getattr(context, "in_fragment", False)
            rendered = fragment.render(piece.template, piece.nodelist, nested=nested)
            inner = rendered.html
        except (Unauthenticated, Forbidden):
            pass  # an empty wrapper, bound to nothing: the login that lets them in loads a page
        else:
            query = fragment.query()
            url = f"{piece.url}&{query}" if query else piece.url
            keys = key_texts(fragment.keys)
            bound = wrapper.bound + html_attributes(
                {"data-mizan-keys": keys, "data-mizan-etag": rendered.etag, "hx-get": url}
            )
        return SafeString(f"<{wrapper.opening}{bound}>{inner}</{wrapper.element}>")

    def _wrapper(self, context: TemplateContext) -> Wrapper:
        """The wrapper as the options say it; kept where they are the same each time."""
        options = resolved(self.options, context)
        element = str(options.pop("as", None) or "div")
        if not _ELEMENT.fullmatch(element) or element in REFUSED_ELEMENTS:
            raise TemplateSyntaxError(f"as={element!r} cannot wrap a fragment")
        bound = {"hx-trigger": heard(options.pop("hx_trigger", None))}
        if swap := options.pop("hx_swap", None):
            bound["data-mizan-swap"] = check_swap(str(swap))
        made = Wrapper(element, element + html_attributes(own(options)), html_attributes(bound))
        if all(map(is_constant, self.options.values())):
            self.wrapper = made
        return made

    def _piece(self, contexts: tuple[Context, ...], context: TemplateContext) -> Piece:
        """What is the same for each card of a loop; found once in the rendering of a page."""
        language = translation.get_language() or ""
        found, key = memory(context), (self, contexts, language)
        if key not in found:
            template: Any = context.template
            nodelist = self.block.nodelist if self.block else None
            if nodelist is None:
                loaded: Any = get_template(str(self.template))
                template, nodelist = loaded.template, loaded.template.nodelist
            reference = Reference(
                self.template or str(self.origin.template_name),
                self.block.source if self.block else "",
                tuple(c.name for c in contexts),
                language,
            )
            url = f"{address(context, 'fragment')}?f={reference.sign()}"
            found[key] = Piece(reference, url, template, nodelist)
        piece: Piece = found[key]
        return piece


class Wrapper(NamedTuple):
    """A fragment's element, how its tag opens, and what binds it but for its parameters."""

    element: str
    opening: str
    bound: str


class Piece(NamedTuple):
    """What of a template a fragment renders, and how the URL begins that renders it again."""

    reference: Reference
    url: str
    template: Any
    nodelist: NodeList


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
        attributes = {"hx-trigger": heard(trigger), "data-mizan-keys": key_texts(keys)}
        return SafeString(html_attributes(attributes).strip())


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
        attributes = {"hx-post": with_query(url, lists)}
        if values:
            attributes["hx-vals"] = json.dumps(exact(values))
        plain = html_attribute(with_query(url, query))
        return SafeString(
            f"{html_attributes(attributes).strip()}"
            f' method="post" action="{plain}" formmethod="post" formaction="{plain}"'
        )


def with_query(url: str, given: Mapping[str, list[str]]) -> str:
    """A URL with what was given behind it; an empty list says nothing."""
    query = query_string(given)
    return f"{url}?{query}" if query else url


def attribute(option: str) -> str:
    """The attribute that an option writes: ``aria_live_`` is ``aria-live``."""
    return option.rstrip("_").replace("_", "-")


def own(options: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes that options write; True is one without a value, False and None are none."""
    return {
        attribute(name): "" if value is True else value
        for name, value in options.items()
        if value is not None and value is not False
    }


def heard(trigger: object) -> str:
    """What a bound element listens to."""
    return f"{trigger}, {STALE}" if trigger else STALE


def key_texts(keys: Iterable[Key]) -> str:
    """Keys as an attribute says them, in the header's syntax."""
    return ", ".join([key.text for key in keys])


def check_swap(swap: str) -> str:
    """Refuse a swap that would take the wrapper itself away."""
    if (swap.split() or ["innerHTML"])[0].partition(":")[0] in REFUSED_SWAPS:
        raise TemplateSyntaxError(f"hx_swap={swap!r} would take the fragment's wrapper away")
    return swap
