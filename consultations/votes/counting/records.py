"""A count's result and record as plain JSON: objects, arrays, strings, whole numbers, true, false and null.

No number with a decimal point is ever written: a value that is not whole is a string, either an exact fraction ("7/3")
or, where the rule itself counts in decimals, that decimal ("1018.00000").
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from typing import Protocol, runtime_checkable

Plain = None | bool | int | str | list["Plain"] | dict[str, "Plain"]


@runtime_checkable
class HasPlain(Protocol):
    """A value that says itself how it is written."""

    def plain(self) -> Plain: ...


@dataclass(frozen=True)
class Decimals:
    """A number of votes counted in units of 10 ** -`places`, as a rule with fixed decimals prescribes."""

    units: int
    places: int

    def __str__(self) -> str:
        whole, rest = divmod(abs(self.units), 10**self.places)
        return f"{'-' if self.units < 0 else ''}{whole}.{rest:0{self.places}d}"

    def plain(self) -> str:
        return str(self)


def plain(value: object) -> Plain:
    """A frozen record as plain JSON, dataclasses as objects of their fields. Anything it cannot say is a TypeError."""
    if isinstance(value, HasPlain):
        return value.plain()
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {_key(name): plain(one) for name, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no plain form")


def _key(name: object) -> str:
    if not isinstance(name, str):
        raise TypeError(f"{name!r} cannot name a value")
    return str(name)
