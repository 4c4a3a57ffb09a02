"""The group, what is hashed into it, and the library beneath."""

import json
import subprocess
import sys

import nacl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.votes.protocol.encoding import canonical, frame, read
from consultations.votes.protocol.group import (
    BASE,
    IDENTITY,
    ORDER,
    SMALL_ORDER,
    expand_message,
    is_point,
    minus,
    plus,
    refuse_unsafe_library,
    times,
    times_base,
    total,
)
from consultations.votes.protocol.refusals import Refused

# RFC 9380, appendix K.3 (SHA-512, DST "QUUX-V01-CS02-with-expander-SHA512-256").
RFC_DOMAIN = b"QUUX-V01-CS02-with-expander-SHA512-256"
RFC_VECTORS = {
    b"": "6b9a7312411d92f921c6f68ca0b6380730a1a4d982c507211a90964c394179ba",
    b"abc": "0da749f12fbe5483eb066a5f595055679b976e93abe9be6f0f6318bce7aca8dc",
}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2**53 - 1) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("message", RFC_VECTORS)
def test_messages_are_expanded_as_the_standard_says(message: bytes) -> None:
    assert expand_message(message, RFC_DOMAIN, 32).hex() == RFC_VECTORS[message]


def test_sums_and_multiples_pass_through_the_identity() -> None:
    assert times(0, BASE) == times(5, IDENTITY) == times_base(ORDER) == minus(BASE, BASE) == IDENTITY
    assert plus(IDENTITY, BASE) == BASE == total([IDENTITY, BASE])
    assert times(ORDER + 2, BASE) == plus(BASE, BASE) == times_base(2)


def test_only_points_of_prime_order_are_points() -> None:
    assert is_point(BASE)
    assert not any(map(is_point, (IDENTITY, SMALL_ORDER, plus(BASE, SMALL_ORDER), bytes(32), b"\xff" * 32)))


def test_a_library_that_lets_one_voter_void_the_count_stops_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_unsafe_library()
    monkeypatch.setattr(nacl, "__version__", "1.6.1")
    with pytest.raises(Refused, match="library"):
        refuse_unsafe_library()


@given(st.lists(st.binary(max_size=8), max_size=4), st.lists(st.binary(max_size=8), max_size=4))
def test_frames_of_different_items_differ(one: list[bytes], other: list[bytes]) -> None:
    assert (frame(*one) == frame(*other)) == (one == other)


@given(json_values)
def test_what_was_written_is_read_back(value: object) -> None:
    assert read(canonical(value)) == value


@pytest.mark.parametrize(
    "content",
    [b"", b" 1", b"1\n", b"-0", b"1e2", b"1.5", b"NaN", b'{"b":1,"a":2}', b'{"a":1,"a":1}', b'"\\u0041"', b'"\\/"',
     b'"\\ud800"', b'"\xff"', b"[1,]", b"01", b'"\x01"', b"\xef\xbb\xbf1"],
)  # fmt: skip
def test_every_other_spelling_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="canonical"):
        read(content)


def test_the_protocol_loads_pynacl_and_the_standard_library_only() -> None:
    """A fresh interpreter lists what importing it really pulled in."""
    asked = "import sys, json, consultations.votes.protocol.board; print(json.dumps(sorted(sys.modules)))"
    printed = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True).stdout
    loaded = {name.split(".")[0] for name in json.loads(printed)} - sys.stdlib_module_names
    own = {name for name in loaded if not name.startswith("_")}
    assert own <= {"consultations", "nacl", "cffi"}
