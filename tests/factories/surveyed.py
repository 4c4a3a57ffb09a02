"""Made surveys for disclosure control: seeded people with skewed, related answers, and the tables counted from them."""

import random
from collections import Counter
from collections.abc import Sequence
from itertools import combinations, product

from analysis.disclosure import FrequencyTable, Place
from analysis.inference import Axis

Person = dict[str, frozenset[str]]
"""The chosen categories by variable; the empty set is no answer."""


def made_axes(chance: random.Random, singles: int) -> list[Axis]:
    """Single choices, one of them nested, one a multiple choice and one put only to some."""
    axes = [Axis("age", ("young", "teens", "twens", "old"), nested=(("teens", "young"), ("twens", "young")))]
    for number in range(singles):
        axes.append(Axis(f"q{number}", tuple(f"a{one}" for one in range(chance.randint(2, 5)))))
    axes.append(Axis("wish", ("bench", "shade", "toilet"), multiple=True))
    axes.append(Axis("why", ("near", "cheap"), conditional=True))
    return axes


def made_people(chance: random.Random, axes: Sequence[Axis], size: int) -> list[Person]:
    """People of a few kinds, each of which tends to answer alike."""
    kinds = [{axis.variable: [chance.expovariate(1) ** 2 for _ in axis.categories] for axis in axes} for _ in range(3)]
    return [_person(chance, axes, chance.choice(kinds)) for _ in range(size)]


def _person(chance: random.Random, axes: Sequence[Axis], kind: dict[str, list[float]]) -> Person:
    person = {}
    for axis in axes:
        wholes = {whole for _part, whole in axis.nested}
        pairs = [one for one in zip(axis.categories, kind[axis.variable], strict=True) if one[0] not in wholes]
        names, weights = zip(*pairs, strict=True)
        if chance.random() < (0.3 if axis.conditional else 0.06):
            person[axis.variable] = frozenset[str]()
        elif axis.multiple:
            person[axis.variable] = frozenset(chance.choices(names, weights, k=chance.randint(1, len(names))))
        else:
            chosen = chance.choices(names, weights)[0]
            person[axis.variable] = frozenset({chosen, *(whole for part, whole in axis.nested if part == chosen)})
    return person


def made_shapes(chance: random.Random, axes: Sequence[Axis], tables: int) -> list[tuple[Axis, ...]]:
    """Every variable alone, then pairs, each linked to others by its variables."""
    pairs = list(combinations(axes, 2))
    chance.shuffle(pairs)
    return [*((axis,) for axis in axes), *pairs][:tables]


def counted(people: Sequence[Person], shapes: Sequence[tuple[Axis, ...]]) -> list[FrequencyTable]:
    """The tables of these people's answers."""
    return [_table(people, axes) for axes in shapes]


def _table(people: Sequence[Person], axes: tuple[Axis, ...]) -> FrequencyTable:
    counts: dict[Place, int] = dict.fromkeys(product(*((*axis.categories, None) for axis in axes)), 0)
    for answers, size in Counter(tuple(person[axis.variable] for axis in axes) for person in people).items():
        if all(answers):
            for place in product(*((*sorted(chosen), None) for chosen in answers)):
                counts[place] += size
    return FrequencyTable("x".join(axis.variable for axis in axes), axes, counts, len(people))
