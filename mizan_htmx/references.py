"""A reference says which piece of which template a fragment is, so that it can be rendered again.

It is signed and deterministic: the same fragment has the same URL in every response. The signature
proves where a reference came from, never that its bearer may read.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, unquote

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.template import Engine, TemplateDoesNotExist, engines
from django.template.backends.django import DjangoTemplates
from django.template.base import NodeList, Template
from django.template.loader_tags import ExtendsNode

from mizan_htmx.exceptions import BadRequest, Changed

BLOCKS = "mizan_htmx"
"""Where a compiled template keeps its block fragments, in ``Template.extra_data``."""


@dataclass(frozen=True)
class Block:
    """The nodes inside ``{% fragment %}`` and the hash of their source."""

    nodelist: NodeList
    source: str


class Reference(NamedTuple):
    """A piece of a template.

    Attributes:
        template: the template's name.
        block: the hash of a block's source, ``""`` for the whole template.
        contexts: the names of the contexts it shows.
        language: the language it was rendered in.
    """

    template: str
    block: str
    contexts: tuple[str, ...]
    language: str

    def sign(self) -> str:
        """The reference's text; it stands in a query string as it is."""
        return _sign(self, settings.SECRET_KEY)


class _Signer(Signer):
    """Django's, with 132 bits of its signature: fifty references have to fit one URL."""

    def __init__(self, key: str, fallbacks: Iterable[str] = ()) -> None:
        super().__init__(
            key=key, sep="~", salt="mizan_htmx.fragment", fallback_keys=list(fallbacks)
        )

    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        return super().signature(value, key)[:22]


@functools.lru_cache(maxsize=1024)
def _sign(reference: Reference, key: str) -> str:
    # Deterministic, and a loop of 500 cards has one.
    template, block, contexts, language = reference
    return _Signer(key).sign(f"{_quote(template)}~{block}~{'*'.join(contexts)}~{language}")


def _quote(template: str) -> str:
    # Of what encodeURIComponent leaves alone, for the script says it once more in a query string.
    return quote(template, safe="/").replace("~", "%7E").replace("/", "!").replace("%", "*")


def _unquote(text: str) -> str:
    return unquote(text.replace("*", "%").replace("!", "/"))


def read(text: str) -> Reference:
    """The reference a client brought.

    Raises:
        BadRequest: it was not signed here.
    """
    return _read(text, settings.SECRET_KEY, tuple(settings.SECRET_KEY_FALLBACKS))


@functools.lru_cache(maxsize=1024)
def _read(text: str, key: str, fallbacks: tuple[str, ...]) -> Reference:
    # What was signed here and nothing else is kept: an exception is not.
    try:
        template, block, contexts, language = _Signer(key, fallbacks).unsign(text).split("~")
    except (BadSignature, ValueError) as error:
        raise BadRequest("the fragment's reference was not signed here") from error
    return Reference(_unquote(template), block, tuple(contexts.split("*")), language)


def find(reference: Reference) -> tuple[Template, NodeList]:
    """The template of a reference, and the nodes of it to render.

    Raises:
        Changed: the template, or the block in it, is not there any more.
    """
    for engine in engines.all():
        if not isinstance(engine, DjangoTemplates):
            continue
        for template in _named(reference.template, engine.engine):
            if not reference.block:
                return template, template.nodelist
            blocks: dict[str, Block] = template.extra_data.get(BLOCKS, {})
            if reference.block in blocks:
                return template, blocks[reference.block].nodelist
    raise Changed()


def _named(name: str, engine: Engine) -> Iterator[Template]:
    """The template of a name, and behind one that extends: the next of its name, as Django does."""
    seen = []
    with suppress(TemplateDoesNotExist):
        template = engine.get_template(name)
        yield template
        while template.nodelist.get_nodes_by_type(ExtendsNode):
            seen.append(template.origin)
            template, _ = engine.find_template(name, skip=seen)
            yield template
