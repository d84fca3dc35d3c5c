"""One value has one spelling, in JSON, in query strings and in forms."""
# ruff: noqa: UP007, UP045 - a union is read however it is written

import datetime
import decimal
import enum
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Literal, NewType, Optional, Union

import pytest
from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from pydantic import Field
from typing_extensions import TypeAliasType

from mizan_htmx import spelling
from mizan_htmx.exceptions import Invalid
from mizan_htmx.parameters import Parameter, validate


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Price(enum.Enum):
    LOW = decimal.Decimal("1.50")
    DAY = datetime.date(2026, 11, 20)


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


Id = NewType("Id", int)
Ids = TypeAliasType("Ids", list[Id])
UUID = "12345678-1234-5678-1234-567812345678"
UTC = datetime.timezone.utc


def read(annotation, value):
    return validate({"p": Parameter("p", annotation)}, {"p": value})["p"]


def label(value):
    """What a test's id shows of a parameter: 5 and "5" differ."""
    return (value.__name__ if isinstance(value, type) else repr(value))[:60]


def typed(value):
    return [(type(v), v) for v in value] if isinstance(value, list) else (type(value), value)


TAKEN = [
    # case P-9: 5 from a path or JSON and "5" from the DOM are one value
    (int, 5, 5),
    (int, "5", 5),
    (int, "0", 0),
    (int, "-12", -12),
    (int, "9223372036854775807", 2**63 - 1),
    (int, "-9223372036854775808", -(2**63)),
    (Id, "7", 7),
    (Ids, ["7", 8], [7, 8]),
    (Annotated[int, Field(ge=3)], "3", 3),
    (float, 1.5, 1.5),
    (float, 2, 2.0),
    (float, "-1.5", -1.5),
    (float, "2e3", 2000.0),
    (decimal.Decimal, "1.50", decimal.Decimal("1.50")),
    (decimal.Decimal, 3, decimal.Decimal(3)),
    (decimal.Decimal, "-1e-400", decimal.Decimal("-1e-400")),
    (decimal.Decimal, -(10**400), decimal.Decimal(-(10**400))),
    (bool, True, True),
    (bool, "true", True),
    (bool, "false", False),
    (str, "", ""),
    (str, " é\u2028\n", " é\u2028\n"),
    (str, "__proto__", "__proto__"),
    (uuid.UUID, UUID, uuid.UUID(UUID)),
    (datetime.date, "2026-11-20", datetime.date(2026, 11, 20)),
    (datetime.time, "10:30", datetime.time(10, 30)),
    (datetime.datetime, "2026-11-20T10:30", datetime.datetime(2026, 11, 20, 10, 30)),
    (
        datetime.datetime,
        "2026-11-20T10:30:00Z",
        datetime.datetime(2026, 11, 20, 10, 30, tzinfo=UTC),
    ),
    (datetime.date, datetime.date(2026, 1, 2), datetime.date(2026, 1, 2)),
    (Colour, "red", Colour.RED),
    (Colour, Colour.RED, Colour.RED),
    (Level, 2, Level.HIGH),
    (Level, "2", Level.HIGH),
    (Price, "1.50", Price.LOW),
    (Price, "2026-11-20", Price.DAY),
    (Literal["a", 2], "a", "a"),
    (Literal["a", 2], "2", 2),
    (Literal["2", 2], "2", "2"),
    (int | None, None, None),
    (Optional[int], "5", 5),
    (Union[int, str], "5", 5),
    (Union[int, str], "x", "x"),
    (list[int], ["1", 2], [1, 2]),
    (tuple[int, ...], ["1", "2"], (1, 2)),
    (set[int], ["1", 1], {1}),
    (frozenset[str], ["a"], frozenset("a")),
    (Sequence[int], ["1"], [1]),
    (Iterable[int], ["1"], [1]),
    (Iterable[int] | None, ["1"], [1]),
    (dict[str, Iterable[int]], {"a": ["1"]}, {"a": [1]}),
    (Iterable, ["1"], ["1"]),
    (dict[str, int], {"a": "1"}, {"a": 1}),
    (Mapping[str, list[int]], {"a": ["1"]}, {"a": [1]}),
]


@pytest.mark.parametrize(("annotation", "given", "value"), TAKEN, ids=label)
def test_taken(annotation, given, value):
    assert typed(read(annotation, given)) == typed(value)


REFUSED = [
    # case P-4
    (int, ["\u0665", " 5\n", "5 ", "+5", "1_000", "05", "-0", "-05", "5.0", "", "0x5", "1e3"]),
    (int, [5.0, True, False, None, [5], 2**63, -(2**63) - 1, "9223372036854775808", "9" * 5000]),
    # case P-6
    (float, ["nan", "inf", "-Infinity", "1e400", "-0.0", "-0", -0.0, float("nan"), float("inf")]),
    (float, ["1_0", " 1", "+1", ".5", "1.", "01", "", True, None, "\u0665", 10**400]),
    (float, [-(10**400), "-1e-400", "-1e400", SimpleUploadedFile("-1.txt", b"")]),
    (decimal.Decimal, ["NaN", "Infinity", "sNaN", " 1", "1_0", "+1", "", True, float("nan")]),
    (decimal.Decimal, [float("-inf"), "-0.00", "-0e5", -0.0, SimpleUploadedFile("-1.txt", b"")]),
    (bool, [1, 0, "1", "0", "on", "off", "yes", "True", "", None, 1.0, "t"]),
    (str, ["a\0b", 5, None, True, ["a"], b"\xff"]),
    (uuid.UUID, [UUID.replace("1", "A"), UUID.replace("-", ""), f"{{{UUID}}}", "", 5]),
    (uuid.UUID, [f"urn:uuid:{UUID}", UUID + "\n"]),
    (datetime.date, ["2026-1-2", "20261120", "2026-13-01", "2026-11-20T00:00", 0, "0", ""]),
    (datetime.time, ["10", "10:30:00.1234567", "1030", "25:00", 36000, "", "10:30 Z"]),
    (datetime.datetime, ["2026-11-20", "2026-11-20 10:30", "2026-11-20T10", 1763632800, "", "0"]),
    (datetime.datetime, ["2026-11-20t10:30:00z", "2026-02-30T10:30"]),
    (Colour, ["RED", "Red", "", "Colour.RED", 0, None]),
    (Level, ["02", "+2", "LOW", "3", 3, True, 1.0, "2.0"]),
    (Literal["a", 2], ["02", "b", "", 3, True, 2.0, ["a"], {"a": 1}]),
    (Literal[1, 0], [True, False, 1.0, "1.0"]),
    (list[int], [["+3"], [5.0], "5", 5, {"a": 1}, None]),
    (Sequence[int], [["+3"], "5", 5]),
    (Iterable[int], [["+3"], [5.0], "5", 5, None]),
    (Iterable, ["5", 5]),
    (Sequence, ["5", 5]),
    (dict[str, int], [{"a": "+3"}, [], "x"]),
    (dict[int, int], [{"+3": 1}]),
    (int | None, ["", "none", "null"]),
    (Annotated[int, Field(ge=3)], ["2", 2]),
]


@pytest.mark.parametrize(
    ("annotation", "given"),
    [(annotation, given) for annotation, values in REFUSED for given in values],
    ids=label,
)
def test_refused(annotation, given):
    with pytest.raises(Invalid) as caught:
        read(annotation, given)
    assert caught.value.details[0]["loc"][0] == "p"
    assert caught.value.details[0]["message"]


FORM, QUERY = True, False
TEXTS = [
    # (annotation, text, what a query string makes of it, what a form makes of it)
    (int, "p=5", 5, 5),
    (int, "p=", Invalid, Invalid),
    (int | None, "p=", None, None),
    (int | None, "", None, None),
    (datetime.date | None, "p=", None, None),
    (Colour | None, "p=", None, None),
    (Literal["a"] | None, "p=", None, None),
    (bool | None, "p=", None, None),
    (str | None, "p=", "", ""),
    (str | None, "", None, None),
    (str, "p=", "", ""),
    (str, "", Invalid, Invalid),
    (str, "p=on", "on", "on"),
    (bool, "p=true", True, True),
    (bool, "p=false", False, False),
    (bool, "p=on", Invalid, True),
    (bool, "p=off", Invalid, Invalid),
    (bool, "", Invalid, False),
    (bool | None, "", None, None),
    (bool | None, "p=on", Invalid, True),
    (bool | None, "p=on&p=on", Invalid, Invalid),
    (bool | str, "p=on", "on", "on"),
    # case P-2
    (int, "p=5&p=6", Invalid, Invalid),
    (int, "p=5&p=5", Invalid, Invalid),
    (str | None, "p=a&p=", Invalid, Invalid),
    (bool, "p=on&p=on", Invalid, Invalid),
    (list[int], "p=5&p=6", [5, 6], [5, 6]),
    (list[int], "p=5", [5], [5]),
    (Sequence[int], "p=5&p=6", [5, 6], [5, 6]),
    (Sequence[int], "p=5", [5], [5]),
    (Iterable[int], "p=5&p=6", [5, 6], [5, 6]),
    (Iterable[int] | None, "p=", None, None),
    (Iterable[int], "", [], []),
    (list[int], "p=05", Invalid, Invalid),
    (list[int], "", [], []),
    (list[int] | None, "", None, None),
    (set[int], "p=5&p=5", {5}, {5}),
    (tuple[int, ...], "p=5&p=6", (5, 6), (5, 6)),
    (list[str], "p=&p=", ["", ""], ["", ""]),
]


@pytest.mark.parametrize("form", [FORM, QUERY], ids=["form", "query"])
@pytest.mark.parametrize(("annotation", "text", "query", "formed"), TEXTS, ids=label)
def test_texts(annotation, text, query, formed, form):
    expected = formed if form else query
    parameters = {"p": Parameter("p", annotation)}
    if expected is Invalid:
        with pytest.raises(Invalid):
            validate(parameters, QueryDict(text), form=form)
    else:
        assert typed(validate(parameters, QueryDict(text), form=form)["p"]) == typed(expected)


@pytest.mark.parametrize("kind", [File, SimpleUploadedFile])
def test_a_file_is_taken_as_it_came_and_nothing_else_is(kind):
    file = SimpleUploadedFile("a.txt", b"a")
    assert read(kind, file) is file
    with pytest.raises(Invalid):
        read(kind, "a.txt")


@pytest.mark.parametrize(
    ("annotation", "optional", "textual", "many", "members"),
    [
        (int, False, False, False, (int,)),
        (str, False, True, False, (str,)),
        (Id, False, False, False, (int,)),
        (Optional[str], True, True, False, (str, type(None))),
        (Annotated[Optional[Id], 1], True, False, False, (int, type(None))),
        (list[str], False, False, True, (list[str],)),
        (list, False, False, True, (list,)),
        (Ids | None, True, False, True, (list[Id], type(None))),
        (tuple[int, int], False, False, True, (tuple[int, int],)),
        (dict[str, int], False, False, False, (dict[str, int],)),
    ],
)
def test_what_an_annotation_is(annotation, optional, textual, many, members):
    assert spelling.optional(annotation) is optional
    assert spelling.textual(annotation) is textual
    assert spelling.many(annotation) is many
    assert spelling.members(annotation) == members
