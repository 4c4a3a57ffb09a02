"""How a passage is called: the numbers its author wrote (第2章, 第3条第2項, 2-1), or numbers counted for it. Pure.

As in ordinances (法制執務): the first paragraph of an article bears no number and is 第1項, items (号) stand below a paragraph.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

LONGEST: Final = 40
DIGITS: Final = str.maketrans("０１２３４５６７８９", "0123456789")
KANJI: Final = {character: value for value, character in enumerate("〇一二三四五六七八九")}
TENS: Final = {"十": 10, "百": 100}
NUMBER: Final = r"[0-9０-９〇一二三四五六七八九十百]+"
ARTICLE: Final = re.compile(rf"第{NUMBER}条(?:の{NUMBER})*")
CHAPTER: Final = re.compile(rf"第({NUMBER})[章節款編部](?:の{NUMBER})*")
PLACED: Final = re.compile(r"[0-9０-９]+(?:[-‐－.．][0-9０-９]+)*(?=[.．\s　、)）]|$)")
CLAUSE: Final = re.compile(r"([0-9０-９]{1,2})[　\s](?=\S)")
ITEM: Final = re.compile(
    r"(?:[(（]([0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})[)）]|([一二三四五六七八九十]{1,3})[　\s])"
)


def number_of(written: str) -> int:
    """The value of a number in digits or kanji: ３, 三, 十二, 百二. At most 999; 0 for what is none."""
    digits = written.translate(DIGITS)
    if digits.isascii() and digits.isdigit():
        return int(digits[:9])
    total = value = 0
    for character in written:
        if character in TENS:
            total += (value or 1) * TENS[character]
            value = 0
        else:
            value = value * 10 + KANJI.get(character, 0)
    return min(total + value, 10**9)


@dataclass
class Heading:
    """A heading we are below: what the numbers below it begin with, and how many have been given."""

    depth: int
    prefix: str
    given: int = 0


@dataclass
class Labels:
    """Gives the label of each passage of a document, asked in order. `headings`: depth and words of all of them.

    Paragraphs and headings without a number below one heading are counted together, so that no two share a label.
    """

    headings: Sequence[tuple[int, str]]
    above: list[Heading] = field(default_factory=lambda: [Heading(0, "")])
    article: str = ""  # the article we are in; "" outside
    clause: int = 0  # number of its last paragraph
    last: str = ""  # label that items hang on
    listed: str = ""  # label that the items of a list hang on already

    def __post_init__(self) -> None:
        first, words = self.headings[0] if self.headings else (0, "")
        others = [depth for depth, _words in self.headings[1:]]
        names_all = bool(others) and first < min(others) and not (ARTICLE.match(words) or _own_number(words))
        self.title = first if names_all else 0  # the one heading above all others names the document
        written = [(depth, found[0]) for depth, words in self.headings if (found := _own_number(words))]
        self.numbered = {depth for depth, _label in written}
        self.taken = {label.translate(DIGITS) for _depth, label in written}

    @property
    def depth(self) -> int:
        """The depth of the heading we are below; 0 before the first."""
        return self.above[-1].depth

    def heading(self, depth: int, words: str) -> str:
        """The label of a heading: its own number, else the counted one."""
        self.article, self.clause = "", 0
        if found := ARTICLE.match(words):
            self.article = self.last = found[0][:LONGEST]
            return self.last
        while self.above[-1].depth >= depth:
            self.above.pop()
        self.last, prefix = self._heading(depth, words)
        self.above.append(Heading(depth, prefix))
        return self.last

    def _heading(self, depth: int, words: str) -> tuple[str, str]:
        """Label and prefix of a heading: 第2章 gives 第2章 and "2"."""
        above = self.above[-1].prefix
        if depth == self.title:
            return words[:LONGEST], ""
        if found := CHAPTER.match(words):
            return found[0][:LONGEST], below(above, number_of(found[1]))
        if found := PLACED.match(words):
            written = found[0].translate(DIGITS)
            return found[0][:LONGEST], written if re.search(r"\D", written) else below(above, written)
        if depth in self.numbered:  # はじめに beside 第1章
            return words[:LONGEST], words[:20]
        counted = self._next(above)
        return counted, counted

    def _next(self, prefix: str) -> str:
        """The next number below the present heading that no heading bears already."""
        while True:
            self.above[-1].given += 1
            label = below(prefix, self.above[-1].given)[:LONGEST]
            if label not in self.taken:
                return label

    def text(self, words: str) -> str:
        """The label of a paragraph, a list or a table."""
        if found := ARTICLE.match(words):
            self.article, self.clause = found[0][:LONGEST], 1
            self.last = self.article
        elif self.article and (item := ITEM.match(words)):
            return self.item(number_of(item[1] or item[2]))
        elif self.article:
            clause = CLAUSE.match(words)
            self.clause = number_of(clause[1]) if clause else self.clause + 1
            self.last = f"{self.article}第{self.clause}項"[:LONGEST]
        else:
            self.last = self._next(self.above[-1].prefix or "0")
        return self.last

    def begin_list(self) -> None:
        """A list begins; the second one below a paragraph hangs on a number of its own, so that no two items share a label."""
        if self.listed == self.last:
            self.text("")

    def table(self) -> str:
        """The label of a table: in an article it belongs to the last paragraph, elsewhere it is counted as one."""
        return f"{self.last}の表"[:LONGEST] if self.article else self.text("")

    def item(self, number: int) -> str:
        """The label of a numbered item below the last paragraph."""
        self.listed = self.last
        return f"{self.last}第{number}号"[:LONGEST] if self.article else f"{self.last}({number})"[:LONGEST]


def _own_number(words: str) -> re.Match[str] | None:
    """The number a heading bears by itself."""
    return CHAPTER.match(words) or PLACED.match(words)


def below(above: str, number: int | str) -> str:
    """2-1 for the first below 2."""
    return f"{above}-{number}" if above else str(number)


def begins_passage(words: str, in_article: bool) -> bool:
    """Whether a line of a paragraph begins a passage of its own, as in the text of an ordinance."""
    if ARTICLE.match(words):
        return True
    return in_article and (CLAUSE.match(words) or ITEM.match(words)) is not None
