"""The group of Belenios 2.0, BELENIOS-2048: integers modulo P, of order Q (its specification, section 5; `group.ml`)."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, TypeAlias

from consultations.votes.protocol.group import Random

Element: TypeAlias = int
Exponent: TypeAlias = int

NAME: Final = "BELENIOS-2048"
P: Final = int(
    "2069478569142254640101364365750500806492298929575110409710088478705737421924271740192223725449768433812906663313"
    "8078958404960054389636289796393038773905722803605973749427671376777618898589872735865049081167099310535867780980"
    "0307904916540637771737641986785272734744763418356000356983051931442845617019110007867373073335641239717328979132"
    "4047457883446826065232797464795113767265869358218004631792207366886005262718636338608879688212076943236614949100"
    "2923444346373222145884100586421050242120365433561201320481118852408731077014151666200162313177169372189248078507"
    "711827842317498073276598828825169183103125680162072880719"
)
Q: Final = 78571733251071885079927659812671450121821421258408794611510081919805623223441
G: Final = int(
    "2402352677501852209227687703532399932712287657378364916510075318787663274146353219320285676155269678799694668298"
    "7493890950838965734256019006010684771644917354741372831046104586813145117816467554005274028898461398645326612150"
    "5579709716201616827031288643245666383486363578210615491841998253431518974065818686865115135857641013888221539601"
    "6043228843603930989333662772848406593138406010231675095763777982665103606822406635076697764025346253773085133173"
    "4951942489677540525736590494924776314759915751987751777114814909204566002054781270547282381409725186398583341157"
    "00568353695553423781475582491896050296680037745308460627"
)


def power(element: Element, exponent: Exponent) -> Element:
    return pow(element, exponent % Q, P)


def fixed_power(base: Element, exponent: Exponent) -> Element:
    """The same for the generator and the key, which are raised again and again: four bits of the exponent a step."""
    exponent %= Q
    result = 1
    for row in _steps(base):
        result = result * row[exponent & 15] % P
        exponent >>= 4
    return result


@lru_cache(maxsize=8)
def _steps(base: Element) -> list[list[Element]]:
    """For every four bits of an exponent, the sixteen powers they may stand for."""
    rows = []
    for _ in range(64):
        row = [1]
        while len(row) < 16:
            row.append(row[-1] * base % P)
        rows.append(row)
        base = row[-1] * base % P
    return rows


def product(elements: Iterable[Element]) -> Element:
    result = 1
    for element in elements:
        result = result * element % P
    return result


def hashed(prefix: str, elements: Iterable[Element]) -> Exponent:
    """Belenios' hash of a statement and its commitments."""
    text = prefix + ",".join(map(str, elements))
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % Q


def drawn(random: Random) -> Exponent:
    """Uniform: 64 bytes reduced."""
    return int.from_bytes(random(64), "big") % Q
