"""§1 Canonical JSON: one spelling per value, byte for byte."""

import json
from typing import Any, NamedTuple

LARGEST_FILE, DEEPEST, LARGEST_NUMBER = 2 * 10**9, 16, 2**53 - 1


class Finding(NamedTuple):
    """A check that failed: the board entry (0: none), its name in `words.CHECKS`, and where or what, in no language.

    `file` is the kept file it is about; "" for the board itself.
    """

    entry: int
    check: str
    detail: str
    file: str = ""


class Refused(Exception):
    """Reading cannot go on here: the check that failed and where."""

    def __init__(self, check: str, detail: str) -> None:
        super().__init__(check, detail)
        self.check, self.detail = check, detail

    def at(self, entry: int = 0) -> Finding:
        return Finding(entry, self.check, self.detail)


def require(true: bool, check: str, detail: str) -> None:
    if not true:
        raise Refused(check, detail)


def canonical(value: object) -> bytes:
    """The one spelling of a value; UnicodeEncodeError for a lone surrogate."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def without_signature(body: dict[str, Any]) -> bytes:
    """What a signature of a body covers, and what the hash of a ballot is made of."""
    return canonical({key: value for key, value in body.items() if key != "signature"})


def parse(data: bytes) -> Any:
    """The value of a canonical JSON file. Raises Refused: `size`, `depth` or `canonical`."""
    require(len(data) <= LARGEST_FILE, "size", f"> {LARGEST_FILE}")
    try:
        value = json.loads(data.decode(), parse_int=_integer, parse_float=_no_number, parse_constant=_no_number)
        layer = _inside([value])
        for _ in range(DEEPEST):
            layer = [inner for outer in layer for inner in _inside(outer)]
        require(not layer, "depth", f"> {DEEPEST}")
        require(canonical(value) == data, "canonical", "")
    except RecursionError:
        raise Refused("depth", f"> {DEEPEST}") from None
    except ValueError as error:  # not JSON, not UTF-8, a lone surrogate
        raise Refused("canonical", str(error)[:120]) from None
    return value


def _inside(value: Any) -> list[Any]:
    """The arrays and objects directly inside an array or object."""
    return [inner for inner in (value.values() if type(value) is dict else value) if type(inner) in (dict, list)]


def _integer(digits: str) -> int:
    require(len(digits) <= 16 and 0 <= int(digits) <= LARGEST_NUMBER, "canonical", digits[:24])
    return int(digits)


def _no_number(spelling: str) -> None:
    raise Refused("canonical", spelling[:24])
