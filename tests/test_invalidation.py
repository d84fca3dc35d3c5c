"""Invalidation and widen(); the sizes are in tests/protocol/, which test_protocol.py reads."""

import json
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mizan_htmx.invalidation import MAX_BYTES, MAX_KEYS, Invalidation, widen
from mizan_htmx.keys import Key, parse

steady = settings(derandomize=True, deadline=None, database=None)

# Few names and few values, so that keys meet.
small = st.builds(
    lambda name, params: Key(name, **params),
    st.sampled_from(["a", "b"]),
    st.dictionaries(st.sampled_from(["x", "y", "z"]), st.sampled_from([1, "1", 2, None, True])),
)
# One context and many meetings: no bare name, which would swallow them all.
dense = st.builds(
    lambda params: Key("a", **params),
    st.dictionaries(st.sampled_from(["x", "y", "z"]), st.integers(0, 4), min_size=1),
)
# Enough of them, or large enough, for the limits.
large = st.builds(
    lambda name, params: Key(name, **params),
    st.sampled_from(["a", "b", "c" * 90, "d" * 700]),
    st.dictionaries(
        st.sampled_from(["x", "y"]),
        st.integers(0, 99) | st.sampled_from(["é" * 60, "x" * 400, "x" * 2_100, None]),
    ),
)
many = st.lists(large, max_size=120)


def of(text):
    return Invalidation(parse(text))


def fits(text):
    return len(text) <= MAX_BYTES and len(list(parse(text))) <= MAX_KEYS


# cases H-7, H-9, H-10
@pytest.mark.parametrize(
    ("added", "kept"),
    [
        ("", ""),
        ("a, b", "a, b"),
        ("b, a", "b, a"),
        ("a, a", "a"),
        ("a;x=1, a;x=1", "a;x=1"),
        ('a;x=1, a;x="1"', "a;x=1"),
        ("a;x=1;y=2, a;y=2;x=1", "a;x=1;y=2"),
        ("a;x=1, a;x=2", "a;x=1, a;x=2"),
        ("a;x=1, a", "a"),
        ("a, a;x=1", "a"),
        ("a;x=1, a;x=2;y=1, a;y=1, b;x=1, a", "b;x=1, a"),
        ("a;x=1, a;y=1", "a;x=1, a;y=1"),
        ("a;x=1;y=1, a;x=1", "a;x=1"),
        ("a;x=1;y=1, a;x=2;y=1, a;x=1", "a;x=2;y=1, a;x=1"),
        ("a;x=1, a;x=1;y=1", "a;x=1"),
        ("a;x=1, a;x=2;y=1", "a;x=1, a;x=2;y=1"),
        ("a;x=1;y=1, a;x=2, a;x=3;y=1, a;x=3", "a;x=1;y=1, a;x=2, a;x=3"),
        ("a;x=?1, a;x=1", "a;x=?1, a;x=1"),
        ("a;x=null, a;x", "a;x=null, a;x=?1"),
        ("a;x=1, *", "*"),
        ("*, a;x=1, b", "*"),
        ("*, *", "*"),
        ("*;x=1, a", "*;x=1"),
    ],
)
def test_adding_keeps_the_widest(added, kept):
    keys = of(added)
    assert sorted(map(str, keys)) == sorted(map(str, parse(kept)))
    assert keys == of(kept)
    assert len(keys) == len(list(parse(kept)))
    assert bool(keys) is bool(kept)


def test_a_text_says_contexts_in_the_order_they_came():  # case H-7
    assert of("c, b;x=2, a, b;x=1, c").to_header() == "c, b;x=2, b;x=1, a"


def test_what_two_helpers_add_is_one_set_and_one_text():  # case H-10
    keys = Invalidation([Key("a", x=1)])
    keys.add(Key("b"))
    keys.add(Key("a", x=1))
    assert keys.to_header() == "a;x=1, b"
    assert keys.to_json() == [{"context": "a", "params": {"x": 1}}, "b"]


# case P-8
@pytest.mark.parametrize(
    ("text", "key", "covered"),
    [
        ("", "a", False),
        ("b, a;x=1", "a;x=1", True),
        ("b, a;x=1", "a", True),
        ("b, a;x=1", "a;x=2", False),
        ("b, a;x=1", "a;y=2", True),
        ("*", "a;x=1", True),
    ],
)
def test_a_set_covers_what_one_of_its_keys_covers(text, key, covered):
    assert of(text).covers(*parse(key)) is covered


def test_sets_are_equal_in_any_order_and_to_sets_alone():
    assert of("a, b") == of("b, a")
    assert of("a, b") != of("a")
    assert of("a") != "a"
    assert Invalidation().__eq__(set()) is NotImplemented


def test_a_set_grows_and_so_is_not_hashable():
    with pytest.raises(TypeError, match="unhashable"):
        hash(of("a"))


def test_repr_is_the_wire():
    assert repr(of("a;x=1, b")) == "<Invalidation a;x=1, b>"


def test_a_header_is_read_as_it_was_written():  # case H-7
    assert Invalidation.from_header(" b ,, a;x=1,") == of("a;x=1, b")
    assert not Invalidation.from_header("")


# case H-6
@pytest.mark.parametrize("size", [2_047, 2_048, 2_049, 65_536])
@pytest.mark.parametrize("pattern", ["a", "a,", ";", '"', "\0", "é", 'a;x="', "a;x=%"])
def test_reading_never_raises(pattern, size):
    keys = Invalidation.from_header((pattern * size)[:size])
    assert len(keys) <= 1  # the same one, everything, or nothing
    assert (keys == Invalidation([Key.ANY])) is (size > MAX_BYTES or pattern == "a,")


@settings(steady, max_examples=500)
@given(st.lists(small, max_size=12) | st.lists(dense, min_size=20, max_size=40))
def test_a_set_is_its_keys_without_those_that_another_is_wider_than(keys):  # case H-9
    assert set(Invalidation(keys)) == {
        key for key in keys if not any(other != key and other.wider(key) for other in keys)
    }


@steady
@given(st.lists(small, max_size=12), st.randoms(use_true_random=False))
def test_a_set_does_not_depend_on_the_order_of_adding(keys, random):  # cases H-7, P-7
    shuffled = list(keys)
    random.shuffle(shuffled)
    assert Invalidation(shuffled) == Invalidation(keys)


@steady
@given(many)
def test_widening_loses_nothing_and_fits(keys):  # cases H-11, H-12, INV-1
    widened = widen(Invalidation(keys))
    assert fits(", ".join(map(str, widened)))
    assert all(any(wide.wider(key) for wide in widened) for key in keys)


@steady
@given(many)
def test_widening_twice_is_widening_once(keys):  # case H-11
    widened = widen(Invalidation(keys))
    assert widen(widened) == widened
    assert len({*widened}) == len(widened)


@steady
@given(many)
def test_the_header_and_the_json_say_the_same(keys):  # case R-19
    keys = Invalidation(keys)
    said = json.loads(json.dumps(keys.to_json(), allow_nan=False))
    read = [Key(k) if isinstance(k, str) else Key(k["context"], **k["params"]) for k in said]
    assert read == list(parse(keys.to_header())) == list(Invalidation.from_header(keys.to_header()))


def test_what_fits_is_not_widened():  # case H-11
    keys = [Key("a", x=1), Key("b")]
    assert widen(keys) == keys
    assert widen([]) == []


def calls(function):
    """How many calls of functions a call makes: work, without a clock."""
    count = 0

    def profile(frame, event, arg):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        function()
    finally:
        sys.setprofile(before)
    return count


SHAPES = {
    "one shape": lambda n: [Key("a", x=i) for i in range(n)],
    "one shape twice": lambda n: [Key("a", x=i) for i in range(n)] * 2,
    "narrow after wide": lambda n: (
        [Key("a", x=i) for i in range(n)] + [Key("a", x=i, y=i) for i in range(n)]
    ),
    "wide after narrow": lambda n: (
        [Key("a", x=i, y=i) for i in range(n)] + [Key("a", x=-i) for i in range(n)]
    ),
    "wide between narrow": lambda n: [
        key for i in range(n) for key in (Key("a", x=i, y=i), Key("a", x=-i))
    ],
    "many contexts": lambda n: [Key(f"a{i}", x=i) for i in range(n)],
}


# cases I-17, INV-9
@pytest.mark.parametrize("shape", SHAPES)
def test_adding_costs_calls_in_proportion(shape):
    one, four = (SHAPES[shape](n) for n in (500, 2_000))
    assert calls(lambda: Invalidation(four)) < 6 * calls(lambda: Invalidation(one))


# cases I-17, INV-9; how many contexts there are is the project's own affair
@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "many contexts"])
def test_widening_costs_calls_in_proportion(shape):
    one, four = (Invalidation(SHAPES[shape](n)) for n in (100, 400))
    assert calls(four.to_header) < 8 * calls(one.to_header)


def interrupted(function, act):
    """Run a function, and something else at each of its calls, as another thread may."""
    before = sys.getprofile()
    sys.setprofile(lambda frame, event, arg: act())
    try:
        return function()
    finally:
        sys.setprofile(before)


MEANWHILE = {
    "another key": lambda i: Key("a", x=i),
    "a narrower key": lambda i: Key("a", x=i, y=i),
    "a key of its own shape": lambda i: Key("a", **{f"p{i}": i}),
    "another context": lambda i: Key(f"c{i}", x=i),
}


# Threads of one request share what it records.
@pytest.mark.parametrize("added", MEANWHILE)
@pytest.mark.parametrize(
    "use",
    [
        lambda keys: keys.add(Key("a", x=-1, y=-1)),
        lambda keys: keys.add(Key("a", z=-1)),
        lambda keys: keys.add(Key("a", y=-1)),
        lambda keys: keys.covers(Key("a", x=-9, y=-9, z=-9)),
        list,
        len,
        Invalidation.to_header,
    ],
    ids=["narrow", "new", "wide", "covers", "iter", "len", "header"],
)
def test_a_set_may_grow_while_it_is_used(use, added):
    keys, more = of("a;x=-2, a;x=-1;y=-2, a;x=-3;y=-1, a;y=-3;z=-1, b;x=1"), iter(range(10_000))
    interrupted(lambda: use(keys), lambda: keys.add(MEANWHILE[added](next(more))))
    assert {str(key) for key in keys} >= {"a;x=-2", "b;x=1", str(MEANWHILE[added](0))}
