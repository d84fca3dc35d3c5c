"""Many fragments and contexts in one answer: each is admitted, rendered and failed on its own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from mizan_htmx import conf, references
from mizan_htmx.contexts import Bundle
from mizan_htmx.data import admitted, answered
from mizan_htmx.exceptions import BadRequest
from mizan_htmx.fragments import Fragment, speaking
from mizan_htmx.keys import Key, parse
from mizan_htmx.registry import registry, requested
from mizan_htmx.rpc import as_request_error, check_utf8, report

MAX_LENGTH = 4_000
"""The longest query string, in bytes; the script splits before it."""

PATIENCE = 1.0
"""How many seconds an item may hold those behind it, before it is left to requests of its own."""

MEMORY = 10.0
"""For how many seconds it then is: not long, for the whole machine may have stalled."""

LOCKING = ("IMMEDIATE", "EXCLUSIVE")
"""The modes in which SQLite begins a transaction with the lock to write."""

clock = time.monotonic
_slow: dict[str, float] = {}  # until when

KINDS = {"f": "fragments", "c": "contexts"}
_TAGGED = re.compile(r"(.*)@([A-Za-z0-9_-]+)", re.DOTALL)

Answer = dict[str, Any]
Answers = dict[str, dict[str, Answer]]


class Item(NamedTuple):
    """One thing somebody shows.

    Attributes:
        kind: ``"fragments"`` or ``"contexts"``.
        text: a fragment's ``<reference>?<params>``, or a context's key: what its answer is
            found by.
        etag: that of what is shown, or ``""``.
    """

    kind: str
    text: str
    etag: str

    @property
    def source(self) -> str:
        """The fragment or the context, whatever its parameters."""
        return self.text.partition("?" if self.kind == "fragments" else ";")[0]


class Bounds(NamedTuple):
    """Which items of a batch are answered.

    Attributes:
        wanted: whether those that show this key are; None where all are.
        enough: looks at each answer; behind one that is enough the rest is left out.
    """

    wanted: Callable[[Key], bool] | None
    enough: Callable[[Answer], bool]


NONE = Bounds(None, lambda answer: False)
BOUNDS = "_mizan_bounds"
"""Where a request has its bounds, should it have any."""


def read(query: str) -> list[Item]:
    """The items of a query string: ``f=`` for fragments, ``c=`` for contexts.

    Raises:
        BadRequest: for other names, more than ``MIZAN["FRESH_ITEMS"]`` items and more than
            ``MAX_LENGTH`` bytes.
    """
    if len(query) > MAX_LENGTH:
        raise BadRequest(f"a batch's query string has at most {MAX_LENGTH} bytes; split it")
    limit = conf.get("FRESH_ITEMS")
    if query.count("&") >= limit:
        raise BadRequest(f"a batch has at most {limit} items; split it")
    items: dict[str, dict[str, Item]] = {kind: {} for kind in KINDS.values()}
    for name, value in _pairs(query):
        if name not in KINDS:
            raise BadRequest(f"a batch has f= and c=, and no {name:.100}=")
        tagged = _TAGGED.fullmatch(value)
        text, etag = tagged.groups() if tagged else (value, "")
        items[KINDS[name]][text] = Item(KINDS[name], text, etag)
    return [item for each in items.values() for item in each.values()]


def prompt(items: Iterable[Item]) -> list[Item]:
    """The items that took no longer of late than others can be asked to wait.

    Nothing can be interrupted while it is read: what was slow once is known the next time.
    """
    now = clock()
    return [item for item in items if _slow.get(item.source, 0.0) <= now]


def _remember(item: Item) -> None:
    now = clock()
    for source, until in list(_slow.items()):
        if until <= now:
            _slow.pop(source, None)
    _slow[item.source] = now + MEMORY


def answer(request: HttpRequest, items: Iterable[Item], bounds: Bounds = NONE) -> Answers:
    """What each of the items is now.

    Returns:
        ``{"fragments": {text: answer}, "contexts": {text: answer}}``; an answer has a ``status``,
        and with 200 an ``etag`` and ``html`` or ``data``. One whose etag is the given one is 304.
    """
    batch = Batch(request, bounds.wanted)
    answers: Answers = {"fragments": {}, "contexts": {}}
    # First all are admitted and then all are read: in turns, each would find its code cold.
    left = [(item, batch.attempt(item, batch.admit, item)) for item in items][::-1]
    while left:
        with _snapshot():
            while left:
                item, found = left.pop()
                if callable(found):
                    found = batch.attempt(item, found)
                if found is not None:
                    answers[item.kind][item.text] = found
                    if bounds.enough(found):
                        return answers
                    if found["status"] == 500:
                        break  # what failed may have broken the transaction for those behind it
    return answers


class Batch:
    """Items of one request; the queries of one context and its parameters run once for all."""

    def __init__(self, request: HttpRequest, wanted: Callable[[Key], bool] | None) -> None:
        self.request, self.wanted = request, wanted
        self.results: dict[Any, dict[str, Any]] = {}
        self.find = cache(references.find)  # a list of cards has one reference

    def attempt(self, item: Item, step: Callable[..., Any], *arguments: Any) -> Any:
        """Do one step of an item; whatever is wrong is its own answer."""
        start = clock()
        try:
            return step(*arguments)
        except Exception as error:
            told = as_request_error(error)
            report(self.request, error, told)
            return {"status": told.status}
        finally:
            if clock() - start > PATIENCE:
                _remember(item)

    def admit(self, item: Item) -> Callable[[], Answer] | None:
        """What reads one item, for whoever may read it; None where nobody wants it."""
        return (self._fragment if item.kind == "fragments" else self._context)(item)

    def _fragment(self, item: Item) -> Callable[[], Answer] | None:
        signed, _, query = item.text.partition("?")
        reference = references.read(signed)
        with speaking(reference.language):
            fragment = Fragment.again(self.request, reference, _parameters(query))
        if self.wanted and not any(map(self.wanted, fragment.keys)):
            return None
        for bundle in fragment.bundles:
            self._share(bundle, reference.language)

        def read() -> Answer:
            with speaking(reference.language):
                rendered = fragment.render_again(self.find)
            etag = rendered.etag
            if etag == item.etag:
                return {"status": 304}
            return {"status": 200, "etag": etag, "html": rendered.html}

        return read

    def _context(self, item: Item) -> Callable[[], Answer] | None:
        keys = list(parse(item.text))
        if len(keys) != 1:
            raise BadRequest("c= names one key, as the header says it")
        if self.wanted and not self.wanted(keys[0]):
            return None
        context = requested(registry.contexts, keys[0].name)
        bundle = admitted(self.request, context, keys[0].params)
        self._share(bundle, translation.get_language())

        def read() -> Answer:
            found = answered(bundle)
            return {"status": 304} if found["etag"] == item.etag else found

        return read

    def _share(self, bundle: Bundle, language: str | None) -> None:
        """Let a bundle know the results of all items that show the same in the same language."""
        parameters = bundle.context.parameters.items()
        try:
            texts = [(name, *p.to_texts(bundle.params[name])) for name, p in parameters]
        except (TypeError, ValueError):
            return  # a key may say what no URL can; it is read for itself
        key = (bundle.context.name, language, *texts)
        bundle.results = self.results.setdefault(key, bundle.results)


def _parameters(query: str) -> MultiValueDict[str, str]:
    check_utf8(query.encode())
    given: MultiValueDict[str, str] = MultiValueDict()
    for name, value in _pairs(query):
        given.appendlist(name, value)
    return given


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    """As QueryDict reads them, which takes several times as long."""
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        yield unquote_plus(name), unquote_plus(value)


@contextmanager
def _snapshot() -> Iterator[None]:
    """One transaction around the items, where one can be had and costs nobody the lock to write.

    On SQLite they are of one state thereby, and elsewhere where the isolation level is repeatable
    read, which is the default neither of PostgreSQL nor of Django on MySQL.
    """
    with ExitStack() as stack:
        with suppress(Exception):  # whoever needs a database that is gone says so for itself
            if getattr(connection, "transaction_mode", None) not in LOCKING:
                stack.enter_context(transaction.atomic())
        yield
