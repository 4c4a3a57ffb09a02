"""Markdown as clerks write it: Japanese emphasis, no HTML, links that lead to the web, to mail or into this site. Pure.

Switched off is what would make words vanish or turn into something else unseen: entities (they could bring back
characters refused at the door), images, link definitions, headings by underlining and code by indentation.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Final
from unicodedata import east_asian_width

import bleach
from markdown_it import MarkdownIt
from markdown_it.common.utils import isWhiteSpace
from markdown_it.rules_inline.state_inline import Delimiter, Scanned, StateInline
from markdown_it.token import Token

TAGS: Final = frozenset(
    {"p", "strong", "em", "code", "pre", "a", "ul", "ol", "li", "blockquote", "br", "hr"}
    | {"table", "thead", "tbody", "tr", "th", "td"}
)
PROTOCOLS: Final = frozenset({"http", "https", "mailto"})
LINK: Final = re.compile(r"https?://|mailto:|#|/(?![/\\])", re.IGNORECASE)
KNOWN: Final = re.compile(
    rf"""(?:[^<>]|</?(?:{"|".join(sorted(TAGS))})>|<ol start="\d+">|<a href="(?:{LINK.pattern})[^"<>]*">)*""",
    re.IGNORECASE,
)
"""HTML in which nothing is left to remove: known tags, each with no attribute or with the one it may have."""
MARKERS: Final = ("*", "_")
BREAKS: Final = {"softbreak": " ", "hardbreak": "\n"}
OFF: Final = ("entity", "image", "reference", "lheading", "code", "html_block", "html_inline")


class Reader(MarkdownIt):
    """The parser, with our own word on links."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the parser's own name
        return may_lead_to(url)


@cache
def reader() -> Reader:
    """The parser, made once."""
    made = Reader("commonmark", {"html": False})
    made.enable("table").disable(list(OFF))
    made.inline.ruler.at("emphasis", emphasis)
    return made


def may_lead_to(address: str) -> bool:
    """Whether a link may have this address; `//host` and `/\\host` lead elsewhere and are refused."""
    return LINK.match(address) is not None


def emphasis(state: StateInline, silent: bool) -> bool:
    """The rule `emphasis` of the parser, with our own reading of what stands beside the marker."""
    marker = state.src[state.pos]
    if silent or marker not in MARKERS:
        return False
    found = state.scanDelims(state.pos, marker == "*")
    if marker == "*":
        found = beside_wide(state, found)
    for _ in range(found.length):
        state.push("text", "", 0).content = marker
        state.delimiters.append(
            Delimiter(ord(marker), found.length, len(state.tokens) - 1, -1, found.can_open, found.can_close)
        )
    state.pos += found.length
    return True


def beside_wide(state: StateInline, found: Scanned) -> Scanned:
    """A wide neighbour never keeps `*` from opening or closing, so that `**「強調」**です` is strong.

    CommonMark asks for a space beside punctuation (0.31, 6.2); Japanese writes none.
    """
    stop = state.pos + found.length
    last = state.src[state.pos - 1] if state.pos else " "
    following = state.src[stop] if stop < state.posMax else " "
    if not (is_wide(last) or is_wide(following)):
        return found
    return Scanned(not isWhiteSpace(ord(following)), not isWhiteSpace(ord(last)), found.length)


def is_wide(character: str) -> bool:
    return east_asian_width(character) in "WF"


def blocks(markdown: str) -> Iterator[list[Token]]:
    """The top-level blocks of a text, each as its run of tokens."""
    block: list[Token] = []
    for token in reader().parse(markdown):
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield block
            block = []


def joined(children: Sequence[Token]) -> list[Token]:
    """The tokens of a paragraph without the line breaks that stand between two wide characters."""
    kept: list[Token] = []
    last = " "
    for token, following in zip(children, followers(children), strict=True):
        if token.type == "softbreak" and is_wide(last) and is_wide(following):
            continue
        kept.append(token)
        last = token.content[-1:] or last
    return kept


def followers(tokens: Sequence[Token]) -> list[str]:
    """For each token the first character of what is written after it."""
    found, following = [], " "
    for token in reversed(tokens):
        found.append(following)
        following = token.content[:1] or following
    return found[::-1]


def words(block: Sequence[Token]) -> str:
    """What a block says, without markup: a line for each of its lines, the cells of a row on one."""
    lines: list[str] = []
    row: list[str] = []
    in_row = False
    for token in block:
        if token.type == "tr_open":
            row, in_row = [], True
        elif token.type == "tr_close":
            lines.append(" | ".join(row))
            in_row = False
        elif token.type == "inline":
            (row if in_row else lines).append(inline_words(token.children or ()))
        elif token.type == "fence":
            lines.append(token.content.strip())
    return "\n".join(line for line in lines if line.strip(" |"))


def inline_words(children: Sequence[Token]) -> str:
    """The words of a line; a line break in the middle of words of letters is a space."""
    return "".join(BREAKS.get(token.type, token.content) for token in joined(children)).strip()


def line_from(children: Sequence[Token], place: int) -> str:
    """The first words of the line that begins at `place`."""
    return next((token.content for token in islice(children, place, None) if token.content), "")


def rendered(block: Sequence[Token]) -> str:
    """The block as HTML of ours alone."""
    for token in block:
        if token.children:
            token.children = joined(token.children)
    html: str = reader().renderer.render(block, reader().options, {})
    return html if KNOWN.fullmatch(html) else sanitised(html)


def sanitised(html: str) -> str:
    """HTML with known tags only, and links that `may_lead_to` their address."""
    clean: str = cleaner().clean(html)
    return clean


@cache
def cleaner() -> bleach.Cleaner:
    attributes = {"a": lambda tag, name, value: name == "href" and may_lead_to(value), "ol": ["start"]}
    return bleach.Cleaner(tags=TAGS, attributes=attributes, protocols=PROTOCOLS, strip=True)
