"""What a template tag was given: values, contexts and keys, and what one rendering remembers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from django.template import Context as TemplateContext
from django.template.base import FilterExpression, VariableDoesNotExist
from django.urls import reverse
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise

from mizan_htmx.contexts import Context
from mizan_htmx.exceptions import DeclarationError
from mizan_htmx.fragments import union
from mizan_htmx.keys import Key
from mizan_htmx.parameters import Parameter
from mizan_htmx.registry import registry

Expressions = Mapping[str, FilterExpression]


def address(context: TemplateContext, name: str, *args: str) -> str:
    """Where one of the library's views is; looked up once in the rendering of a page."""
    found = memory(context)
    key = name, args, translation.get_language()
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
    return {
        name: e.var if is_constant(e) else _said(e.resolve(context))
        for name, e in expressions.items()
    }


def is_constant(expression: FilterExpression) -> bool:
    """Whether it says the same in every rendering, which ``_("…")`` does not."""
    return not (expression.is_var or expression.filters or isinstance(expression.var, Promise))


def _said(value: Any) -> Any:
    """A value in the language of this rendering: what is translated lazily is a text by now."""
    return str(value) if isinstance(value, Promise) else value


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
        DeclarationError: none of them has a parameter of that name, or there is no such variable.
    """
    values = {name: _defined(name, e, context) for name, e in params.items()}
    found = [targeted([target], values, context) for target in targets]
    names = {name for (one,), _ in found for name in one.parameters}
    if unknown := values.keys() - names:
        raise DeclarationError(f"no context here has a parameter {min(unknown)!r}")
    # A parameter of the tag is for those contexts that have it; a key's must be its own.
    return [
        one.key(**{n: v for n, v in given.items() if n in one.parameters or n not in values})
        for (one,), given in found
    ]


def _defined(name: str, expression: FilterExpression, context: TemplateContext) -> Any:
    """A key's value; the "" of a variable that is not there would be a key nobody makes stale."""
    if is_constant(expression):
        return expression.var
    if expression.filters or not expression.is_var:
        return _said(expression.resolve(context))
    try:
        return _said(expression.var.resolve(context))
    except VariableDoesNotExist as error:
        raise DeclarationError(
            f"{name}={expression.token}: there is no such variable here"
        ) from error


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


def as_given(contexts: tuple[Context, ...], params: Mapping[str, Any]) -> MultiValueDict[str, str]:
    """A fragment's parameters as the URL that renders it again will give them."""
    parameters = union(contexts)
    return MultiValueDict({n: as_texts(parameters, n, v) for n, v in params.items()})


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
