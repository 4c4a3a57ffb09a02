"""A draft written in Markdown as numbered chapters, articles and paragraphs with anchors that outlive a version. Pure.

Numbers the author wrote (第2章, 第3条, 2-1, (1)) stay as they are; a paragraph without one is counted within its heading,
so that everybody can name it: 2-1 is the first paragraph below the second chapter.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

import bleach
from markdown_it import MarkdownIt
from markdown_it.token import Token

from consultations.comments.stages import PassageKind

LONGEST_DRAFT: Final = 2_000_000
"""Characters of Markdown."""

MOST_PASSAGES: Final = 20_000
TAGS: Final = frozenset(
    {"p", "strong", "em", "code", "pre", "a", "ul", "ol", "li", "blockquote", "br", "hr"}
    | {"table", "thead", "tbody", "tr", "th", "td"}
)
ATTRIBUTES: Final[Mapping[str, Sequence[str]]] = {"a": ["href"], "ol": ["start"]}
PROTOCOLS: Final = frozenset({"http", "https", "mailto"})
NUMBER: Final = "[0-9０-９一二三四五六七八九十百]+"
ARTICLE: Final = re.compile(rf"第{NUMBER}条(?:の{NUMBER})*")
WRITTEN: Final = re.compile(rf"第{NUMBER}[章節款編部条項](?:の{NUMBER})*|[0-9]+(?:[-‐－.][0-9]+)*(?=[.．\s　、])")
SAME_PASSAGE: Final = 0.6
"""Smallest likeness (0–1) at which a changed paragraph is still the one of the version before."""


@dataclass(frozen=True)
class Passage:
    """One passage: its place in the document and what it says. `anchor` is "" until `anchored` gives one."""

    kind: PassageKind
    depth: int
    label: str
    text: str
    html: str
    anchor: str = ""


def parse(markdown: str) -> list[Passage]:
    """The passages of a draft in order; headings are passages too. HTML in the source is shown as text, never obeyed."""
    passages: list[Passage] = []
    numbers: list[int] = []
    paragraph = 0
    for block in _blocks(_reader().parse(markdown)):
        text = _words(block)
        if not text:
            continue
        if block[0].type == "heading_open":
            depth = int(block[0].tag[1:])
            numbers = [*numbers, *([0] * depth)][:depth]
            numbers[-1] += 1
            paragraph = 0
            passages.append(_heading(depth, numbers, text))
        else:
            written = _article(text)
            paragraph += 0 if written else 1
            place = "-".join(str(number) for number in [*(n for n in numbers if n), paragraph])
            passages.append(_paragraph(block, text, written or place, len(numbers) + 1))
    return passages


def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _blocks(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The top-level blocks as runs of tokens."""
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield block
            block = []


def _words(block: Sequence[Token]) -> str:
    """What a block says, without markup; one line for each of its lines."""
    lines = [token.content.strip() for token in block if token.type in {"inline", "fence", "code_block"}]
    return "\n".join(line for line in lines if line)


def _heading(depth: int, numbers: Sequence[int], text: str) -> Passage:
    kind = PassageKind.ARTICLE if ARTICLE.match(text) else PassageKind.CHAPTER if depth == 1 else PassageKind.SECTION
    written = WRITTEN.match(text)
    label = written[0] if written else "-".join(str(number) for number in numbers if number)
    return Passage(kind, depth, label, text, bleach.clean(text, tags=set()))


def _article(text: str) -> str | None:
    found = ARTICLE.match(text)
    return found[0] if found else None


def _paragraph(block: Sequence[Token], text: str, label: str, depth: int) -> Passage:
    opening = block[0].type
    kind = PassageKind.TABLE if opening == "table_open" else PassageKind.PARAGRAPH
    if ARTICLE.match(text):
        kind = PassageKind.ARTICLE
    reader = _reader()
    html = reader.renderer.render(block, reader.options, {})
    return Passage(kind, depth, label, text, sanitised(html))


def sanitised(html: str) -> str:
    """HTML of ours alone: known tags, links to the web and to mail only."""
    clean: str = bleach.clean(html, tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=True)
    return clean.replace('href="//', 'href="')


def anchored(passages: Sequence[Passage], before: Sequence[Passage]) -> list[Passage]:
    """The passages with anchors: what stands unchanged or little changed in `before` keeps its anchor, the rest get new ones."""
    taken = 1 + max((int(one.anchor[1:]) for one in before), default=0)
    kept = _kept(passages, before)
    found = []
    for place, passage in enumerate(passages):
        anchor = kept.get(place)
        if anchor is None:
            anchor, taken = f"p{taken}", taken + 1
        found.append(replace(passage, anchor=anchor))
    return found


def _kept(passages: Sequence[Passage], before: Sequence[Passage]) -> dict[int, str]:
    """The anchor of the version before for each place that has one."""
    matcher = SequenceMatcher(None, [one.text for one in before], [one.text for one in passages], autojunk=False)
    kept: dict[int, str] = {}
    for act, old_start, old_stop, new_start, new_stop in matcher.get_opcodes():
        if act == "equal":
            kept |= {new_start + i: before[old_start + i].anchor for i in range(old_stop - old_start)}
        elif act == "replace":
            kept |= _alike(before[old_start:old_stop], passages[new_start:new_stop], new_start)
    return kept


def _alike(before: Sequence[Passage], after: Sequence[Passage], start: int) -> dict[int, str]:
    """Changed passages paired in order: those of one kind that still share most of their words."""
    kept: dict[int, str] = {}
    next_old = 0
    for place, passage in enumerate(after):
        for old in range(next_old, min(len(before), next_old + 20)):
            one = before[old]
            matcher = SequenceMatcher(None, one.text, passage.text, autojunk=False)
            if one.kind is passage.kind and matcher.quick_ratio() >= SAME_PASSAGE and matcher.ratio() >= SAME_PASSAGE:
                kept[start + place] = one.anchor
                next_old = old + 1
                break
    return kept
