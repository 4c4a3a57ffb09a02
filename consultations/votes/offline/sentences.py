"""Sentences in Japanese and English, and how a program says them."""

import sys
import unicodedata
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

LANGUAGES: Final = ("ja", "en")
HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


class Said(NamedTuple):
    """One sentence. Names in braces are filled in by whoever says it."""

    ja: str
    en: str


Value: TypeAlias = Said | str | int


class Declined(Exception):
    """The program will not do it; the sentence says why and what to do."""

    def __init__(self, said: Said, /, **values: Value) -> None:
        super().__init__(said.en)
        self.said, self.values = said, values


def filled(said: Said, /, **values: "Value") -> Said:
    """The sentence with its names filled in, to be part of another."""
    ja, en = (Voice(language).text(said, **values) for language in LANGUAGES)
    return literal(ja, en)


def literal(ja: str, en: str) -> Said:
    """Words in which braces mean nothing."""
    return Said(*(one.replace("{", "{{").replace("}", "}}") for one in (ja, en)))


@dataclass(frozen=True)
class Voice:
    """Says sentences in one language: results on the standard output, warnings and refusals beside it."""

    language: str

    def text(self, said: Said, /, **values: Value) -> str:
        told = {name: self._shown(value) for name, value in values.items()}
        template: str = getattr(said, self.language)
        return template.format(**told)

    def say(self, said: Said, /, **values: Value) -> None:
        print(self.text(said, **values), flush=True)

    def warn(self, said: Said, /, **values: Value) -> None:
        print(self.text(said, **values), file=sys.stderr, flush=True)

    def list(self, parts: "list[Said | str]") -> str:
        return ("、" if self.language == "ja" else "; ").join(self._shown(part) for part in parts)

    def pick(self, texts: dict[str, str]) -> str:
        """A text of a manifest, which has Japanese always."""
        return shown(texts.get(self.language) or texts["ja"])

    def _shown(self, value: Value) -> str:
        return self.text(value) if isinstance(value, Said) else shown(str(value))


def shown(text: str) -> str:
    """Text from a file, unable to move the cursor, to colour the screen or to turn the direction of reading."""
    return "".join("�" if unicodedata.category(one) in HIDDEN else one for one in text)
