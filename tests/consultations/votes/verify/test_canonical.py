"""Whatever the bytes, reading them ends in a value or in the name of a check."""

from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultations.votes.verifier import canonical as spelling
from consultations.votes.verifier.board import check_board
from consultations.votes.verifier.canonical import LARGEST_NUMBER, Refused, canonical, parse

NUMBERS: Final = st.integers(0, LARGEST_NUMBER)
TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]))
VALUES: Final = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


PATIENT: Final = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        parse(data)
    return refused.value.check


@PATIENT
@given(VALUES)
def test_what_is_spelled_canonically_is_read_back(value: object) -> None:
    assert parse(canonical(value)) == value


def test_the_spelling_of_the_specification() -> None:
    value = {"b": [1, True, None], "a": '\b\t\n\f\r\u0007\u001f\u007f\u2028"\\/あ😀'}
    spelled = '{"a":"\\b\\t\\n\\f\\r\\u0007\\u001f\u007f\u2028\\"\\\\/あ😀","b":[1,true,null]}'
    assert canonical(value) == spelled.encode()


def test_keys_are_sorted_by_code_point_not_by_utf_16() -> None:
    assert canonical({"\U0001f600": 1, "\uff5e": 2}) == '{"\uff5e":2,"\U0001f600":1}'.encode()


@pytest.mark.parametrize(
    "data",
    [
        b"", b" ", b"{", b"nul", b'{"a":1}\n', b' {"a":1}', b'{"a": 1}', b'{"b":1,"a":2}', b'{"a":1,"a":1}',
        b'{"a":1,"a":2}', b"1.0", b"1e3", b"-1", b"-0", b"01", b"+1", b"NaN", b"Infinity", b"-Infinity",
        b"9007199254740992", b"18446744073709551616", b"1" * 5000, b"-" + b"1" * 5000, b'"\\u0041"', b'"\\u000A"',
        b'"\\/"', b'"\\ud800"', b'"\xed\xa0\x80"', b'"\xff"', b"\xef\xbb\xbf1", b'"\x00"', b"\x00", b'"\n"', b"'a'",
        b"1 1", b"[1,]", "\u3000".encode(), b'{"a":1}'.decode().encode("utf-16"),
    ],
    ids=lambda data: repr(data[:16]),
)  # fmt: skip
def test_another_spelling_is_refused(data: bytes) -> None:
    assert refusal(data) == "canonical"


@pytest.mark.parametrize(("levels", "fine"), [(16, True), (17, False)])
def test_sixteen_levels_are_the_most(levels: int, fine: bool) -> None:
    data = b"[" * levels + b"]" * levels
    if fine:
        assert parse(data) != 0
    else:
        assert refusal(data) == "depth"


@pytest.mark.parametrize("data", [b"[" * 1_000_000, b'{"a":' * 1_000_000, b"[" * 200_000 + b"]" * 200_000])
def test_brackets_without_end_are_refused_in_peace(data: bytes) -> None:
    assert refusal(data) in {"depth", "canonical"}


def test_a_file_above_the_limit_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spelling, "LARGEST_FILE", 10)
    assert refusal(b"[" * 11) == "size"


@PATIENT
@given(st.binary(max_size=64))
def test_any_bytes_are_a_verdict(data: bytes) -> None:
    assert not check_board(data).valid


@PATIENT
@given(VALUES)
def test_any_value_is_a_verdict(value: object) -> None:
    assert not check_board(canonical(value)).valid
