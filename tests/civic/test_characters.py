import pytest

from civic.characters import ascii_digits, clean, graphemes
from civic.messages import Message


@pytest.mark.parametrize(("text", "count"), [
    ("", 0),
    ("abc", 3),
    ("図書館", 3),
    ("か\u3099", 1),  # か and its mark, written apart
    ("ﾊﾟ", 1),  # half-width
    ("葛\U000e0100城", 2),  # a variant of 葛
    ("👨‍👩‍👧", 1),
    ("👍🏽👍", 2),
    ("🇯🇵🇫🇷", 2),
    ("❤️1️⃣", 2),
    ("é", 1),
    ("一\r\n二", 3),
])  # fmt: skip
def test_characters_are_counted_as_readers_see_them(text: str, count: int) -> None:
    assert graphemes(text) == count


@pytest.mark.parametrize(("sent", "kept"), [
    ("  意見です　", "意見です"),
    ("一\r\n二\r三", "一\n二\n三"),
    ("か\u3099く", "がく"),
    ("見\u200bえない\ufeff", "見えない"),
    ("家族👨‍👩‍👧", "家族👨‍👩‍👧"),
])  # fmt: skip
def test_text_is_tidied_without_changing_what_it_says(sent: str, kept: str) -> None:
    assert clean(sent) == kept


@pytest.mark.parametrize("sent", ["a\x00b", "a\x1bb", "\u202e反対", "\u2066x\u2069", "\ud800", "\ue000"])
def test_control_and_direction_characters_are_refused_with_a_sentence(sent: str) -> None:
    assert isinstance(clean(sent), Message)


def test_full_width_digits_are_read() -> None:
    assert ascii_digits(" ８５．５ ") == "85.5"
