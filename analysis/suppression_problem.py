"""What a suppressor is told and what it answers: numbers that may be printed, what they are worth, and which to hide.

Plain data over the keys of `analysis.inference`, without NumPy, so that pages and releases may name them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.inference import Condition, Key, Rule

Interval = tuple[float, float]
"""The least and the greatest number that something printed may stand for, both included."""


@dataclass(frozen=True)
class Layer:
    """An earlier release: what each printed number tells, what it hid, and a number that no count exceeds."""

    printed: Mapping[Key, Interval]
    hidden: frozenset[Key]
    most: float


@dataclass(frozen=True)
class Problem:
    """What may be printed (`now`) beside what was. Intervals are inclusive; a number printed exactly is [n, n].

    `fixed` is known to everybody whatever is done; `sensitive` may not be printed. `free` conditions tell nothing worth
    hiding, nor do counts by `public` variables alone; `impossible` counts are known to be 0. A hidden count must leave
    `minimum` integers open, a hidden sum `spread` times its value to either side as well. `most` no number of this
    release exceeds; `growing` says that no count fell since an earlier one.
    """

    rules: Sequence[Rule]
    now: Mapping[Key, Interval]
    value: Mapping[Key, float]
    fixed: frozenset[Key]
    sensitive: frozenset[Key]
    cost: Mapping[Key, float]
    most: float
    minimum: int
    earlier: Sequence[Layer] = ()
    growing: bool = True
    free: frozenset[Condition] = frozenset()
    public: frozenset[str] = frozenset()
    impossible: frozenset[Key] = frozenset()
    spread: float = 0.0

    def protects(self, key: Key, part: Key = frozenset()) -> bool:
        """Whether it matters that a reader learns this count (or counts made of such a part of it)."""
        if key & self.free or key in self.impossible:
            return False
        return not {condition.variable for condition in key | part} <= self.public or not self.public

    def width(self, key: Key) -> float:
        """How far apart the ends of a hidden number must stay: in people, or in the unit of the sum."""
        need = float(self.minimum - 1)
        return max(need, 2 * self.spread * self.value[key]) if is_sum(key) else need


@dataclass(frozen=True)
class Protection:
    """`hidden` of the counts in `now`; `loss` is their cost together; `proven` says that no choice is cheaper.

    `rounds` counts how often the choice was made and attacked.
    """

    hidden: frozenset[Key]
    loss: float
    proven: bool
    rounds: int


def is_sum(key: Key) -> bool:
    """Whether the key is of a sum (yen spent by those who …), not of a count of people."""
    return any(condition.kind == "sum" for condition in key)
