"""Colours, lengths and their names live in tokens.css: `python -m tests.lint.stylesheets` exits 1 and names each line
of another stylesheet, or of a template, that writes one itself.

Free are: tokens.css, the conditions of `@media` and `@supports`, `@page` (it cannot read tokens), percentages, `fr`,
angles, plain numbers and the system colours of forced-colours mode. In templates SVG attributes may hold a colour only
in the palette of macros/charts.html; `style=` and `on…=` are refused everywhere, because the security policy is.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("civic", "surveys", "analysis", "consultations")
LENGTH = re.compile(
    r"(?<![\w.#-])[-+]?(?:\d+\.?\d*|\.\d+)(?:px|r?em|ex|ch|pt|pc|mm|cm|in|q|[sld]?v[wh]|vmin|vmax|r?lh)\b", re.I
)
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(|(?<![\w-])(?:white|black|red|green|blue|yellow|"
    r"orange|purple|pink|brown|gr[ae]y|silver|gold|navy|teal|maroon|olive|lime|aqua|fuchsia|magenta|cyan|beige|ivory|"
    r"tomato|crimson|coral|salmon|khaki|indigo|violet)(?![\w-])",
    re.I,
)
UNKNOWN_TOKEN = re.compile(r"var\((--[\w-]+)\)")
DEFINED_TOKEN = re.compile(r"(--[\w-]+)\s*:")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
CONDITION = re.compile(r"@(?:media|supports|container)[^{]*\{|@page[^{]*\{(?:[^{}]|\{[^{}]*\})*\}", re.S)
INLINE = re.compile(r"<[a-z][^<>]*?\s(style|on[a-z]+)\s*=", re.I)
PAINT = re.compile(r"\b(?:fill|stroke|stop-color|color)=\"(#[0-9a-f]{3,8}|rgb[^\"]*)\"", re.I)
PALETTE = "macros/charts.html"


def blank(pattern: re.Pattern[str], text: str) -> str:
    """`text` with every match replaced by spaces, so that lines stay where they are."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def matches(pattern: re.Pattern[str], text: str, what: str) -> Iterator[tuple[int, str]]:
    for found in pattern.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, f"{what} {found[0].strip()}: name a token of tokens.css"


def faults_of_stylesheet(text: str, tokens: set[str]) -> Iterator[tuple[int, str]]:
    """Line and sentence for every literal, and for every token that does not exist."""
    bare = blank(CONDITION, blank(COMMENT, text))
    yield from matches(LENGTH, bare, "length")
    yield from matches(COLOUR, bare, "colour")
    for found in UNKNOWN_TOKEN.finditer(bare):
        if found[1] not in tokens:
            yield bare.count("\n", 0, found.start()) + 1, f"{found[1]} is not a token of tokens.css"
    if not text.lstrip().startswith(("@layer ", "/* Windows high contrast")):
        yield 1, "the first line names the layer, like `@layer pages {`"


def faults_of_template(text: str, palette: bool) -> Iterator[tuple[int, str]]:
    """Line and sentence for every inline style or handler, and every colour outside the charts' palette."""
    for found in INLINE.finditer(text):
        yield text.count("\n", 0, found.start(1)) + 1, f"{found[1]}= is refused by the security policy: use a class"
    if not palette:
        yield from matches(PAINT, text, "colour")


def faults(root: Path) -> Iterator[str]:
    """Every fault of the product below `root`, as `file:line: sentence`."""
    tokens = set(DEFINED_TOKEN.findall((root / "civic/web/static/css/tokens.css").read_text(encoding="utf-8")))
    for path in sorted(path for room in ROOMS for path in (root / room).rglob("*.css") if path.name != "tokens.css"):
        text = path.read_text(encoding="utf-8")
        for line, sentence in faults_of_stylesheet(text, tokens | set(DEFINED_TOKEN.findall(text))):
            yield f"{path.relative_to(root)}:{line}: {sentence}"
    for path in sorted(path for room in ROOMS for path in (root / room).rglob("templates/**/*.html")):
        for line, sentence in faults_of_template(path.read_text(encoding="utf-8"), str(path).endswith(PALETTE)):
            yield f"{path.relative_to(root)}:{line}: {sentence}"


def main() -> int:
    found = list(faults(ROOT))
    print("\n".join(found) or "stylesheets: every value has its name")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
