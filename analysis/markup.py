"""HTML that cannot be injected into: every string is escaped unless it was made here."""

import html
import re

_VOID = {"meta", "br", "col", "rect", "circle", "path"}
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class Html(str):
    """Markup, made by `tag` and `join`."""

    __slots__ = ()


def escape(text: str) -> Html:
    """Text as markup. What no HTML document may hold shows as the replacement character."""
    if isinstance(text, Html):
        return text
    return Html(html.escape(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))))


def join(*parts: str) -> Html:
    """The parts one after the other; strings are escaped."""
    return Html("".join(escape(part) for part in parts))


def tag(name: str, /, *parts: str, **attributes: str | float | None) -> Html:
    """An element. `class_` is class and other underscores are hyphens; an attribute that is None is left out."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{given}>" if name in {"meta", "br", "col"} else f"<{name}{given}/>")
    return Html(f"<{name}{given}>{join(*parts)}</{name}>")
