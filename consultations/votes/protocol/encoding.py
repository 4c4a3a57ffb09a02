"""Canonical JSON, frames, and values read with their exact shape (SPEC.md, section 1)."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NoReturn, TypeAlias, TypeVar

from consultations.votes.protocol.refusals import Refused

Json: TypeAlias = Any
T = TypeVar("T")

HEX: Final = re.compile(r"(?:[0-9a-f]{2})*")
MOMENT: Final = "%Y-%m-%dT%H:%MZ"
LARGEST: Final = 2**53 - 1
LANGUAGES: Final = {"ja", "ja-easy", "en"}
TEXT_LENGTH: Final = 2_000


def canonical(value: Json) -> bytes:
    """The one spelling of a value. Refused("canonical") for a lone surrogate or what JSON cannot hold."""
    try:
        spelled = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
        return spelled.encode()
    except (TypeError, ValueError, RecursionError):
        raise Refused("canonical") from None


def read(content: bytes) -> Json:
    """The value of a canonical file. Refused("canonical") for every other spelling, however sensible."""
    try:
        value = json.loads(content.decode(), parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Refused("canonical") from None
    if canonical(value) != content:
        raise Refused("canonical")
    return value


def _refuse(number: str) -> NoReturn:
    raise Refused("canonical", number)


def frame(*items: bytes | str | int) -> bytes:
    """The items one after the other, each behind its length; a number is eight bytes."""
    parts = [item.to_bytes(8, "big") if isinstance(item, int) else _raw(item) for item in items]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _raw(item: bytes | str) -> bytes:
    return item.encode() if isinstance(item, str) else item


def fields(value: Json, names: str, where: str) -> dict[str, Json]:
    """An object with exactly these keys."""
    if not isinstance(value, dict) or value.keys() != set(names.split()):
        raise Refused("shape", where)
    return value


def array(value: Json, read_one: Callable[[Json], T], where: str, least: int = 0, most: int | None = None) -> list[T]:
    """A list of `least` to `most` members, its length looked at before any of them."""
    if not isinstance(value, list) or len(value) < least or (most is not None and len(value) > most):
        raise Refused("limits" if isinstance(value, list) else "shape", where)
    return [read_one(one) for one in value]


def number(value: Json, least: int, most: int, where: str) -> int:
    if type(value) is not int:
        raise Refused("shape", where)
    if not least <= value <= most:
        raise Refused("limits", where)
    return value


def flag(value: Json, where: str) -> bool:
    if type(value) is not bool:
        raise Refused("shape", where)
    return value


def text(value: Json, where: str, most: int = TEXT_LENGTH) -> str:
    if not isinstance(value, str):
        raise Refused("shape", where)
    if not 1 <= len(value) <= most:
        raise Refused("limits", where)
    return value


def texts(value: Json, where: str) -> Mapping[str, str]:
    """A text in one to three languages, Japanese among them."""
    if not isinstance(value, dict) or "ja" not in value or not value.keys() <= LANGUAGES:
        raise Refused("shape", where)
    return {language: text(words, where) for language, words in value.items()}


def raw(value: Json, size: int, where: str) -> bytes:
    """`size` bytes written as lower-case hex."""
    if not isinstance(value, str) or len(value) != 2 * size or not HEX.fullmatch(value):
        raise Refused("shape", where)
    return bytes.fromhex(value)


def matching(value: Json, pattern: re.Pattern[str], where: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Refused("shape", where)
    return value


def moment(value: Json, where: str) -> datetime:
    """A minute in UTC, `2026-11-29T00:00Z`."""
    try:
        found = datetime.strptime(value, MOMENT)
    except (TypeError, ValueError):
        raise Refused("shape", where) from None
    if found.strftime(MOMENT) != value:
        raise Refused("shape", where)
    return found
