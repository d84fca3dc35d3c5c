"""A key names something that can go stale: a context and some of its parameters.

On the wire a key is a member of an RFC 9651 List: a Token with Parameters
(https://www.rfc-editor.org/rfc/rfc9651#section-3.1). Formatting happens where the key is made,
inside the transaction, so that a value which cannot travel never surprises anybody after it.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import re
import uuid
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, TypeAlias
from urllib.parse import unquote_to_bytes

from pydantic_core import to_jsonable_python

Scalar: TypeAlias = "str | bool | None"
"""What equality looks at: the text between the quotes, or a boolean, or null."""

NAME = re.compile(r"[a-z][a-z0-9_.]*")
PARAM = re.compile(r"[a-z][a-z0-9_]*")
BARE_DIGITS = 15  # the longest sf-integer, RFC 9651 section 3.3.1
SHORT = 10**BARE_DIGITS
DIGITS = frozenset("0123456789-")

TEXTUAL = (decimal.Decimal, uuid.UUID, datetime.date, datetime.time)
_PRINTABLE = re.compile(r"[ -~]*")

_ITEM = (
    r"""(?:-?[0-9]{1,15}|"(?:[ !#-\[\]-~]|\\["\\])*"|%"(?:[ !#$&-~]|%[0-9a-f]{2})*"|\?[01]|null)"""
)
_PARAM = rf";\x20*([a-z*][a-z0-9_.*-]*)(?:=({_ITEM}))?"
_END = r"[ \t]*(?:,|\Z)"
# Most members first: no parameter, or one number that is canonical as it stands.
_SHORT = rf"({NAME.pattern})(?:;([a-z*][a-z0-9_.*-]*)=([1-9][0-9]{{0,14}}))?{_END}"
_MEMBER = rf"(\*|{NAME.pattern})((?:{_PARAM})*){_END}"
# or what cannot be read, to the next comma
_MEMBERS = re.compile(rf"[ \t]*(?:{_SHORT}|{_MEMBER})|[^,]*(?:,|\Z)")
_PARAMS = re.compile(_PARAM)


class Key:
    """``Key("board", board_id=3)``: immutable, hashable, ``str()`` gives the wire's text.

    Args:
        name: the context's name, ``[a-z][a-z0-9_.]*``, or ``"*"`` for everything.
        params: values of int, str, bool, None, Decimal, UUID, date, datetime, time or an Enum
            of these.

    Raises:
        TypeError: for a float and for anything else that has no single spelling.
        ValueError: for a name that is no name and a str with a lone surrogate.
    """

    __slots__ = ("items", "name", "names", "text")
    ANY: ClassVar[Key]
    name: str
    names: tuple[str, ...]
    """The parameters' names, sorted."""
    items: tuple[tuple[str, Scalar], ...]
    """The parameters as pairs, sorted: what equality compares."""
    text: str
    """What the wire says."""

    def __init__(self, name: str, /, **params: Any) -> None:
        if name != "*" and not NAME.fullmatch(name):
            raise ValueError(
                f"{name!r:.200} is no context name: use lower-case letters, digits, _ and ."
            )
        for param in params:
            if not PARAM.fullmatch(param):
                raise ValueError(
                    f"{param!r:.200} is no parameter name: use lower-case letters, digits and _"
                )
        _fill(self, name, {param: _format(name, param, params[param]) for param in params})

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a key cannot be changed; make another one")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a key cannot be changed; make another one")

    def __getstate__(self) -> tuple[Any, ...]:
        return self.name, self.text, self.names, self.items

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _set(self, *state)

    @staticmethod
    def declared(name: str, params: Mapping[str, Any]) -> Key:
        """A key whose names were checked where they were declared."""
        texts = {}
        for param in params:  # a comprehension takes longer before Python 3.12
            texts[param] = _format(name, param, params[param])
        return _fill(_new(Key), name, texts)

    @property
    def params(self) -> Mapping[str, Scalar]:
        """The parameters as {name: text, boolean or None}, read only."""
        return MappingProxyType(dict(self.items))

    def covers(self, other: Key, /) -> bool:
        """Whether this key made stale means that one is: same name, no shared parameter differs."""
        if self.name == "*":
            return True
        if self.name != other.name:
            return False
        theirs = dict(other.items)
        return all(theirs.get(param, value) == value for param, value in self.items)

    def wider(self, other: Key, /) -> bool:
        """Whether this key stands for all that one does: the same, with fewer parameters."""
        return self.name == "*" or (self.name == other.name and set(self.items) <= set(other.items))

    def values(self) -> dict[str, Any]:
        """The parameters as JSON says them, of which the same key can be made again."""
        return {param: _to_json(item) for param, item in _PARAMS.findall(self.text)}

    def to_json(self) -> str | dict[str, Any]:
        """``"board"``, or ``{"context": "board", "params": {"board_id": 3}}``."""
        if not self.items:
            return self.name
        return {"context": self.name, "params": self.values()}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Key):
            return NotImplemented
        return self.name == other.name and self.items == other.items

    def __hash__(self) -> int:
        return hash((self.name, self.items))

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Key {self.text}>"


_new = object.__new__
# Assignment is refused; a slot itself takes a value, in a third of object.__setattr__'s time.
_set_items, _set_name, _set_names, _set_text = (
    getattr(Key, slot).__set__ for slot in Key.__slots__
)


def _set(
    key: Key, name: str, text: str, names: tuple[str, ...], items: tuple[tuple[str, Scalar], ...]
) -> Key:
    _set_name(key, name)
    _set_text(key, text)
    _set_names(key, names)
    _set_items(key, items)
    return key


def _fill(key: Key, name: str, texts: dict[str, str]) -> Key:
    if len(texts) == 1:  # as most keys
        ((param, said),) = texts.items()
        item = said if said[0] in DIGITS else _read(said)
        return _set(key, name, f"{name};{param}={said}", (param,), ((param, item),))
    pairs = sorted(texts.items())
    text = name + "".join([f";{param}={said}" for param, said in pairs])
    items = tuple([(param, _read(said)) for param, said in pairs])
    return _set(key, name, text, tuple([param for param, _ in pairs]), items)


Key.ANY = Key("*")


def parse(text: str, /) -> Iterator[Key]:
    """The keys of a header's or an attribute's text; never raises.

    A member that cannot be read is dropped and reading goes on behind the next comma, on purpose
    more lenient than RFC 9651, which refuses the whole list: one key lost costs a stale fragment.
    """
    for short, param, number, name, params, _, _ in _MEMBERS.findall(text):
        if param:
            yield _set(_new(Key), short, f"{short};{param}={number}", (param,), ((param, number),))
        elif short:
            yield _set(_new(Key), short, short, (), ())
        elif name:
            pairs = _PARAMS.findall(params)
            if "%" in params and not all(_decodes(item) for _, item in pairs):
                continue
            # One without an item is true; of two the last counts: RFC 9651 section 4.2.3.2.
            texts = {param: _canonical(item) for param, item in pairs}
            yield _fill(_new(Key), name, texts)


def _decodes(item: str) -> bool:
    try:
        _read(item or "?1")
    except UnicodeDecodeError:
        return False
    return True


def _canonical(item: str) -> str:
    return str(int(item)) if item[:1] in ("-", "0") else item or "?1"


def _format(name: str, param: str, value: Any) -> str:
    """The one text a value has on the wire."""
    if type(value) is int and -SHORT < value < SHORT:
        return str(value)
    if isinstance(value, enum.Enum):
        return _format(name, param, value.value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "?1" if value else "?0"
    if isinstance(value, int):
        digits = str(int(value))
        return digits if len(digits.lstrip("-")) <= BARE_DIGITS else f'"{digits}"'
    if isinstance(value, TEXTUAL):
        value = str(to_jsonable_python(value))
    if isinstance(value, str):
        return _quote(name, param, value)
    raise TypeError(
        f"{param}={value!r:.200} of the key {name!r} is a {type(value).__name__}, which has no"
        " single spelling; a key takes int, str, bool, None, Decimal, UUID, date, datetime, time"
        " and Enums of these (for a model instance: its pk)"
    )


def _quote(name: str, param: str, value: str) -> str:
    if _PRINTABLE.fullmatch(value):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    try:
        raw = value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{param} of the key {name!r} holds a lone surrogate, which is no character"
        ) from error
    # Display String, RFC 9651 section 4.1.11
    return (
        '%"'
        + "".join(chr(b) if 0x20 <= b <= 0x7E and b not in b'%"' else f"%{b:02x}" for b in raw)
        + '"'
    )


def _read(item: str) -> Scalar:
    """What stands between the quotes, or a boolean, or None."""
    first = item[0]
    if first == '"':
        return re.sub(r"\\(.)", r"\1", item[1:-1]) if "\\" in item else item[1:-1]
    if first == "?":
        return item == "?1"
    if first == "%":
        return unquote_to_bytes(item[2:-1]).decode()
    return None if item == "null" else item


def _to_json(item: str) -> Any:
    return int(item) if item[0] in DIGITS else _read(item)
