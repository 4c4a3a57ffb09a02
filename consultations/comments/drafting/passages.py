"""A draft written in Markdown as numbered chapters, articles and paragraphs with anchors that outlive a version. Pure.

Numbers the author wrote (第2章, 第3条第2項, 2-1, (1)) stay as they are; a paragraph without one is counted within its
heading, so that everybody can name it: 2-1 is the first paragraph of 第2章. Numbered items are passages of their own.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Final

from markdown_it.token import Token

from consultations.comments.drafting import labels, markup, pairing
from consultations.comments.stages import PassageKind

LONGEST_DRAFT: Final = 500_000
"""Characters of Markdown."""

MOST_PASSAGES: Final = 20_000


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
    """The passages of a draft in order; headings are passages too. HTML in the source is shown as text, never obeyed.

    Never raises; what is too long is for the caller to refuse (`LONGEST_DRAFT`, `MOST_PASSAGES`).
    """
    blocks = list(markup.blocks(markdown))
    headings = [(depth_of(block), markup.words(block)) for block in blocks if block[0].type == "heading_open"]
    given = labels.Labels([(depth, words) for depth, words in headings if words])
    return [passage for block in blocks for passage in _passages(block, given)]


def depth_of(block: Sequence[Token]) -> int:
    return int(block[0].tag[1:])


def _passages(block: Sequence[Token], given: labels.Labels) -> Iterator[Passage]:
    """The passages of one block: one, or those of its numbered items or of its lines."""
    opening = block[0].type
    if not (text := markup.words(block)):
        return
    if opening == "heading_open":
        yield _heading(block, text, given)
    elif opening == "ordered_list_open":
        yield from _items(block, given)
    elif opening == "paragraph_open":
        yield from (_text(part, given) for part in _lines(block, given) if markup.words(part))
    else:
        is_table = opening == "table_open"
        kind, label = (PassageKind.TABLE, given.table()) if is_table else (PassageKind.PARAGRAPH, given.text(""))
        yield Passage(kind, _depth(given), label, text, markup.rendered(block))


def _heading(block: Sequence[Token], text: str, given: labels.Labels) -> Passage:
    depth = depth_of(block)
    kind = PassageKind.CHAPTER if depth == 1 else PassageKind.SECTION
    if labels.ARTICLE.match(text):
        kind = PassageKind.ARTICLE
    inside = [token for token in block if token.type == "inline"]
    return Passage(kind, depth, given.heading(depth, text), text, markup.rendered(inside))


def _text(block: Sequence[Token], given: labels.Labels) -> Passage:
    """A paragraph, an article in one, or an item (号) written as a line."""
    text = markup.words(block)
    kind = PassageKind.PARAGRAPH
    if labels.ARTICLE.match(text):
        kind = PassageKind.ARTICLE
    elif given.article and labels.ITEM.match(text):
        kind = PassageKind.ITEM
    depth = _depth(given) + (1 if kind is PassageKind.ITEM else 0)
    return Passage(kind, depth, given.text(text), text, markup.rendered(block))


def _depth(given: labels.Labels) -> int:
    return given.depth + (2 if given.article else 1)


def _lines(block: Sequence[Token], given: labels.Labels) -> Iterator[list[Token]]:
    """A paragraph cut before each line that begins an article, a paragraph (項) or an item (号) of its own."""
    start, inline, stop = block[0], block[1], block[-1]
    children = inline.children or []
    line, level = labels.ARTICLE.match(markup.line_from(children, 0)), 0
    in_article, begin = bool(given.article or line), 0
    for place, token in enumerate(children):
        level += token.nesting
        if token.type not in markup.BREAKS or level:
            continue
        following = markup.line_from(children, place + 1)
        if labels.begins_passage(following, in_article):
            yield [start, _part(inline, begin, place), stop]
            begin = place + 1
        in_article = in_article or labels.ARTICLE.match(following) is not None
    yield [start, _part(inline, begin, len(children)), stop]


def _part(inline: Token, begin: int, end: int) -> Token:
    """Some of the tokens of a paragraph."""
    part = copy(inline)
    part.children = (inline.children or [])[begin:end]
    return part


def _items(block: Sequence[Token], given: labels.Labels) -> Iterator[Passage]:
    """The items of a numbered list, each with its number. In an article a list that begins with 2 goes on counting paragraphs."""
    first = int(block[0].attrs.get("start", 1))
    clauses = bool(given.article) and first > 1
    if not clauses:
        given.begin_list()
    for number, item in enumerate(_parts(block), first):
        text = markup.words(item)
        if not text:
            continue
        opening = copy(block[0])
        opening.attrs = {"start": number}
        html = markup.rendered([opening, *item, block[-1]])
        label = given.text(f"{number} …") if clauses and number < 100 else given.item(number)
        kind = PassageKind.PARAGRAPH if clauses else PassageKind.ITEM
        yield Passage(kind, _depth(given) + 1, label, text, html)


def _parts(block: Sequence[Token]) -> Iterator[list[Token]]:
    """The items of a list as runs of tokens."""
    item: list[Token] = []
    for token in block[1:-1]:
        item.append(token)
        if token.type == "list_item_close" and token.level == 1:
            yield item
            item = []


def anchored(passages: Sequence[Passage], before: Sequence[Passage], used: int = 0) -> list[Passage]:
    """The passages with anchors: what stands unchanged or little changed in `before` keeps its anchor, the rest get new ones.

    `used`: the highest number of an anchor in any earlier version; no anchor ever names two passages.
    """
    free = 1 + max([used, *(int(one.anchor[1:]) for one in before)])
    kept = {new: before[old].anchor for old, new in paired(before, passages)}
    found = []
    for place, passage in enumerate(passages):
        anchor = kept.get(place)
        if anchor is None:
            anchor, free = f"p{free}", free + 1
        found.append(replace(passage, anchor=anchor))
    return found


def paired(before: Sequence[Passage], after: Sequence[Passage]) -> list[pairing.Pair]:
    """Places of the same passage in both versions, rising."""
    same = pairing.equal_pairs([(one.kind, one.text) for one in before], [(one.kind, one.text) for one in after])
    marked_before = _marked(before, {old for old, _new in same})
    marked_after = _marked(after, {new for _old, new in same})
    open_places = pairing.gaps(same, range(len(before)), range(len(after)))
    alike = [pair for gap in open_places for pair in pairing.alike_pairs(marked_before, marked_after, *gap)]
    return sorted([*same, *alike])


def _marked(passages: Sequence[Passage], done: set[int]) -> list[tuple[PassageKind, frozenset[str]]]:
    return [(one.kind, frozenset() if place in done else pairing.marks(one.text)) for place, one in enumerate(passages)]
