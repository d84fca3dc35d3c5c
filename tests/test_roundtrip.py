"""Texts there and back: Python to Python, and Python to JavaScript to Python."""

import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mizan_htmx.keys import Key, parse
from tests.test_protocol import by_http_sf

SCRIPT = pathlib.Path(__file__).parent / "js" / "roundtrip.js"

steady = settings(derandomize=True, deadline=None, database=None)

# What ends lines, what separates, what escapes, what needs two, three and four bytes.
HOSTILE = "\0\n\r\x0b\x0c\x1b\x1c\x7f\x85\xa0é\u0301ł\u2028\u2029\ufeff\ufffd\U0001f600\U0010ffff"
HOSTILE += ";,=%\"\\ '*5aA?:@()-+"

texts = st.text(HOSTILE, max_size=12) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=12
)
values = texts | st.one_of(
    st.integers(-(10**40), 10**40),
    st.booleans(),
    st.none(),
    st.decimals(),
    st.uuids(),
    st.dates(),
    st.datetimes(timezones=st.none() | st.just(datetime.timezone.utc)),
    st.times(),
)
names = st.from_regex(r"[a-z][a-z0-9_.]{0,8}", fullmatch=True)
params = st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True), values, max_size=4)
keys = st.builds(lambda name, params: Key(name, **params), names, params)


@steady
@given(keys)
def test_a_text_is_printable_ascii_and_reads_as_the_same_key(key):  # cases H-1 to H-5
    assert re.fullmatch("[ -~]+", str(key))
    [again] = parse(str(key))
    assert (again, str(again), again.to_json()) == (key, str(key), key.to_json())
    assert Key(key.name, **key.values()) == key


@steady
@given(keys)
def test_a_text_says_the_same_to_http_sf(key):  # cases H-1 to H-5
    [(name, said)] = by_http_sf(str(key))
    assert key.to_json() == ({"context": name, "params": said} if said else name)


@steady
@given(st.lists(keys, max_size=4), st.sampled_from([",", ", ", " ,\t", ", ,,"]))
def test_texts_joined_read_as_the_same_keys(made, comma):  # cases H-4, H-7, P-7
    assert list(parse(comma.join(map(str, made)))) == made


def meant(value):
    return (value if value is None or isinstance(value, bool) else str(value)), type(value) is bool


like = (
    st.none()
    | st.booleans()
    | st.integers(-20, 20)
    | st.sampled_from(["", "-0", "00", "true", "null"])
)
like |= st.integers(-20, 20).map(str) | texts


@settings(steady, max_examples=500)
@given(like, like)
def test_keys_are_equal_if_and_only_if_their_values_mean_the_same(a, b):  # cases P-7, P-9
    one, other = Key("a", x=a), Key("a", x=b)
    assert (one == other) is (meant(a) == meant(b))
    assert (hash(one) == hash(other)) or one != other
    assert (str(one) == str(other)) is (meant(a) == meant(b) and type(a) is type(b))


@steady
@given(params, st.randoms(use_true_random=False))
def test_the_order_of_parameters_does_not_matter(some, random):  # case P-7
    items = list(some.items())
    random.shuffle(items)
    one, other = Key("a", **some), Key("a", **dict(items))
    assert (one, str(one), hash(one)) == (other, str(other), hash(other))


def test_texts_do_not_depend_on_the_hash_seed():  # case P-7
    code = (
        "from mizan_htmx.keys import Key; from mizan_htmx.invalidation import Invalidation;"
        "keys = Invalidation(Key(n, **dict.fromkeys(p, v)) for n in ('b', 'a', 'c')"
        "    for p in ('zyx', 'xw', 'abc') for v in (1, 'é', None));"
        "print(keys.to_header(), keys.to_json(), [dict(key.params) for key in keys])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(said) == 1
    assert said.pop().startswith(b'b;x=1;y=1;z=1, b;x=%"%c3%a9";y=%"%c3%a9";z=%"%c3%a9", b;x=null')


@pytest.fixture(scope="module")
def javascript():
    """``javascript(texts)``: for each what keys.js read and wrote again, of one process."""
    if shutil.which("node") is None:
        pytest.skip("node is not here")
    with subprocess.Popen(
        ["node", str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as node:

        def ask(texts):
            node.stdin.write(json.dumps(texts) + "\n")
            node.stdin.flush()
            return json.loads(node.stdout.readline())

        yield ask
        node.stdin.close()
        assert node.wait(10) == 0


def test_20_000_values_through_javascript(javascript):  # cases H-2, H-4, P-5, P-7
    asked = 0

    @settings(steady, max_examples=400)
    @given(st.lists(values, min_size=50, max_size=50))
    def check(some):
        nonlocal asked
        asked += len(some)
        made = [Key("a", x=value) for value in some]
        for key, answer in zip(made, javascript([str(key) for key in made]), strict=True):
            assert answer["read"] == [["a", dict(key.params)]]
            assert re.fullmatch("[ -~]+", answer["written"])
            assert list(parse(answer["written"])) == [key]

    check()
    assert asked >= 20_000


# What looks like a header, up to the one character that spoils it.
PIECES = ["a", "b", ";x=", ";y", "5", "?1", "null", '"', "\\", '%"', "%c3%a9", "%ff", ", ", " "]
wire = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=10).map("".join)


@settings(steady, max_examples=200)
@given(st.lists(wire, min_size=50, max_size=50))
def test_python_and_javascript_read_the_same_in_anything(javascript, some):  # case H-6
    for text, answer in zip(some, javascript(some), strict=True):
        read = list(parse(text))
        assert answer["read"] == [[key.name, dict(key.params)] for key in read], text
        assert list(parse(answer["written"])) == read
