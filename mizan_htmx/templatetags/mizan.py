"""``{% load mizan %}``: parse and delegate."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from django.template import Context as TemplateContext
from django.template import Library, Node, TemplateSyntaxError
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.loader_tags import BlockNode

from mizan_htmx import page
from mizan_htmx.arguments import request_of
from mizan_htmx.contexts import Context
from mizan_htmx.exceptions import MizanError
from mizan_htmx.fragments import union
from mizan_htmx.http import digest
from mizan_htmx.keys import NAME
from mizan_htmx.references import BLOCKS, Block
from mizan_htmx.registry import registry
from mizan_htmx.tags import OPTIONS, BindNode, DataNode, FragmentNode, MutateNode, attribute

register = Library()

_ARGUMENT = re.compile(r"(?:(\w+)=)?(.+)", re.DOTALL)

Arguments = tuple[list[FilterExpression], dict[str, FilterExpression]]


@register.simple_tag(takes_context=True)
def mizan_scripts(context: TemplateContext) -> str:
    """The page's script, with its base path, login URL, CSRF and CSP nonce."""
    request = request_of(context)
    nonce = context.get("csp_nonce")
    return page.script(request, getattr(request, "csp_nonce", None) if nonce is None else nonce)


@register.tag("fragment")
def fragment(parser: Parser, token: Token) -> Node:
    """``{% fragment "board" board_id=3 %}…{% endfragment %}``, or with a template's name."""
    tag, *bits = token.split_contents()
    before = list(takewhile(lambda bit: bit != "with", bits))
    positional, named = arguments(parser, before)
    extra, given = arguments(parser, bits[len(before) + 1 :])
    if extra:
        raise TemplateSyntaxError(f"{tag}: behind `with` stands query=value")
    names = [name for name in positional if is_template(name)]
    targets = [known(target) for target in positional if target not in names]
    if not targets and any(NAME.fullmatch(str(name.var)) for name in names):
        known(names[0])  # a misspelt name of a context, as it seems
    if not targets or len(names) > 1:
        raise TemplateSyntaxError(f"{tag} takes contexts or keys, and at most one template")
    options = {n: e for n, e in named.items() if n in OPTIONS or n.endswith("_")}
    params = {name: e for name, e in named.items() if name not in options}
    check_attributes(options)
    check(tag, targets, params)
    check_queries(tag, targets, given)
    block = None if names else parse_block(parser, token)
    template = str(names[0].var) if names else None
    return FragmentNode(targets, params, options, given, template, block)


@register.tag("bind")
def bind(parser: Parser, token: Token) -> Node:
    """``<tbody hx-get="…" {% bind board_key "notifications" hx_trigger="revealed" %}>``."""
    tag, *bits = token.split_contents()
    positional, named = arguments(parser, bits)
    trigger = named.pop("hx_trigger", None)
    return BindNode(all_known(tag, positional, named), named, trigger)


@register.tag("mizan_data")
def mizan_data(parser: Parser, token: Token) -> Node:
    """``{% mizan_data "board" board_id=board.id %}``: what islands start with."""
    tag, *bits = token.split_contents()
    positional, named = arguments(parser, bits)
    return DataNode(all_known(tag, positional, named), named)


@register.tag("mutate")
def mutate(parser: Parser, token: Token) -> Node:
    """``<form {% mutate "add_card" board_id=board.id %}>``, likewise on a button."""
    tag, *bits = token.split_contents()
    positional, named = arguments(parser, bits)
    if len(positional) != 1 or not isinstance(positional[0].var, str):
        raise TemplateSyntaxError(f"{tag} takes the name of one mutation, in quotes")
    try:
        mutation = registry.mutation(str(positional[0].var))
    except MizanError as error:
        raise TemplateSyntaxError(f"{tag}: {error}") from error
    check_names(tag, named, mutation.signature.names, f"the mutation {mutation.name!r}")
    return MutateNode(mutation, named)


def arguments(parser: Parser, bits: list[str]) -> Arguments:
    """A tag's positional and named arguments."""
    positional: list[FilterExpression] = []
    named: dict[str, FilterExpression] = {}
    for bit in bits:
        match = _ARGUMENT.fullmatch(bit)
        name = match[1] if match else None
        expression = parser.compile_filter(match[2] if match else bit)
        if name is None:
            positional.append(expression)
        elif name in named:
            raise TemplateSyntaxError(f"{name}= stands twice; give it one value")
        else:
            named[name] = expression
    return positional, named


def is_template(expression: FilterExpression) -> bool:
    """Whether a quoted text is a template's name rather than a context's."""
    text = expression.var
    return (
        isinstance(text, str)
        and text not in registry.contexts
        and any(mark in text for mark in "/#.")
    )


def known(expression: FilterExpression) -> Context | FilterExpression:
    """A quoted text as the context it names; a variable stays one until it is rendered."""
    if not isinstance(expression.var, str):
        return expression
    try:
        return registry.context(str(expression.var))
    except MizanError as error:
        raise TemplateSyntaxError(str(error)) from error


def all_known(tag: str, positional: list[FilterExpression], params: Any) -> list[Any]:
    """The targets of a tag that shows nothing of them: at least one."""
    targets = [known(target) for target in positional]
    if not targets:
        raise TemplateSyntaxError(f"{tag} takes contexts or keys")
    check(tag, targets, params)
    return targets


def check(tag: str, targets: list[Any], params: Any) -> None:
    """Refuse a parameter that no context has, where all are known when the tag is compiled."""
    contexts = tuple(target for target in targets if isinstance(target, Context))
    if len(contexts) == len(targets):
        check_names(tag, params, union(contexts), f"the context {label(contexts)}")


def check_queries(tag: str, targets: list[Any], given: Any) -> None:
    """Refuse a result for a query that is not there, and one name for two queries, likewise."""
    contexts = tuple(target for target in targets if isinstance(target, Context))
    if len(contexts) < len(targets):
        return
    queries = [name for context in contexts for name in context.queries]
    check_names(tag, given, queries, f"the context {label(contexts)} as a query")
    if twice := {name for name in queries if queries.count(name) > 1}:
        raise TemplateSyntaxError(f"{tag}: both contexts have a query {min(twice)!r}")


def label(contexts: tuple[Context, ...]) -> str:
    """Their names, for a message."""
    return " and ".join(f"{context.name!r}" for context in contexts)


def check_names(tag: str, given: Any, allowed: Any, where: str) -> None:
    """Refuse a named argument that is not among the allowed ones."""
    for name in given:
        if name not in allowed:
            there_are = ", ".join(sorted(allowed)) or "none"
            raise TemplateSyntaxError(
                f"{tag}: {name!r} is no parameter of {where}; there are: {there_are}"
            )


def check_attributes(options: Iterable[str]) -> None:
    """Refuse attributes that a fragment writes itself, and one that two options name."""
    written: set[str] = set()
    for option in options:
        name = attribute(option)
        if not name:
            raise TemplateSyntaxError(f"{option}= names no attribute; write its name: id_=")
        if option not in OPTIONS and name.replace("-", "_") in OPTIONS:
            raise TemplateSyntaxError(f"{option}= is an option; use {name.replace('-', '_')}=")
        if name == "hx-get" or name.startswith("data-mizan-"):
            raise TemplateSyntaxError(f"{option}=: a fragment writes {name} itself; leave it out")
        if name in written:
            raise TemplateSyntaxError(f"{option}=: {name} stands twice; give it one value")
        written.add(name)


def parse_block(parser: Parser, token: Token) -> Block:
    """The nodes up to ``{% endfragment %}``, registered under the hash of their source."""
    if parser.origin is None or parser.origin.template_name is None:
        raise TemplateSyntaxError(
            "a block fragment is rendered again by its template's name, and this template has"
            " none; give the fragment a template of its own"
        )
    waiting: list[Any] = list(parser.tokens)
    nodelist: NodeList = parser.parse(("endfragment",))
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(BlockNode):
        raise TemplateSyntaxError(
            "{% block %} cannot stand inside {% fragment %}: the fragment is rendered again"
            " without the templates that extend this one"
        )
    consumed = waiting[len(parser.tokens) :][::-1]
    source = "\0".join(f"{t.token_type.value} {t.contents}" for t in (*consumed, token))
    block = Block(nodelist, digest(source.encode(), 9))
    parser.extra_data.setdefault(BLOCKS, {})[block.source] = block
    return block
