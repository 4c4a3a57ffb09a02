"""What the method must know of a language: stop words, name titles, sentence ends, phrases of computed sentences.

The words stand in `analysis/languages/*.toml`; nothing in them comes from a particular survey.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "languages"

LANGUAGES = ("ja", "en")


@dataclass(frozen=True)
class Lexicon:
    """One language's words.

    `sentence` matches one whole sentence at a time; `joiner` stands between the words of a label, `space` between those
    of a compound; the first of `subject_particles` is the one printed; `negation` ends a negated predicate.
    """

    language: str
    stop_words: frozenset[str]
    sentence: re.Pattern[str]
    joiner: str
    space: str
    subject_particles: tuple[str, ...]
    negation: str
    residual_label: str
    unnamed_label: str

    def stops(self, *spellings: str) -> bool:
        """Whether one of a word's spellings is a stop word."""
        return not self.stop_words.isdisjoint(spellings)


@cache
def _content(language: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))


def phrases(language: str) -> dict[str, str]:
    """The wording of computed sentences in `ja`, `ja-easy` or `en`, with named places for the figures."""
    wording: dict[str, str] = _content(language)["phrases"]
    return wording


def units(language: str) -> dict[str, dict[str, str]]:
    """How a number stands with `comments` and `people`: by the exact number, else `other`."""
    forms: dict[str, dict[str, str]] = _content(language)["units"]
    return forms


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of `ja` or `en`."""
    content = _content(language)
    return Lexicon(
        language=language,
        stop_words=frozenset(" ".join(content["stop_words"].values()).split()),
        sentence=re.compile(content["sentence"], re.VERBOSE),
        joiner=content["joiner"],
        space=content["space"],
        subject_particles=tuple(content["subject_particles"]),
        negation=content["negation"],
        residual_label=content["residual_label"],
        unnamed_label=content["unnamed_label"],
    )
