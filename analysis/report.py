"""A run as one HTML file: opens without a network, needs no script, and shows no text that a mask hides."""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from analysis.card import SHARES_FROM, UNSTABLE, Origin, Part, card
from analysis.markup import Html, join, tag
from analysis.published import (
    Places,
    Published,
    first_level,
    masked,
    masks,
    parts_of,
    places,
    residual,
    written,
)
from analysis.report_lists import duplicates, minority, unassigned
from analysis.report_map import map_figure
from analysis.topic_map import Likeness, likeness
from analysis.wordings import count, share, wordings

_FOLDER = Path(__file__).parent / "stylesheets"


def report(run: Published, texts: Mapping[str, str], origin: Origin, language: str | None = None) -> str:
    """The page of a run in `language` (the run's own when None). `texts` are all its comments by id."""
    words = wordings(language or run["language"])
    page = words["page"]
    spans = masks(run)
    shown = {each: masked(text, spans.get(each, ())) for each, text in texts.items()}
    found = places(run)
    alike = likeness(_wording_of_topics(run, texts, spans))
    title = page["title_of"].format(columns=page["joiner"].join(origin.columns))
    sections = [
        ("topics", page["list_heading"], _topic_list(run, found, page)),
        ("map", page["map_heading"], map_figure(run, found, alike, page) if alike else None),
        ("comments", page["topics_heading"], _topics(run, found, alike, page)),
        ("minority", page["minority_heading"], minority(run, shown, page)),
        ("unassigned", page["unassigned_heading"], unassigned(run, texts, shown, page)),
        ("duplicates", page["duplicates_heading"], duplicates(run, shown, page)),
        ("card", page["card_heading"], _card(card(run, words, origin))),
    ]
    made_of = page["made_of"].format(files=page["joiner"].join(origin.files))
    return _page(
        language or run["language"], title, join(_head(title, made_of, page), _facts(run, page)), sections, page
    )


def card_page(run: Published, language: str | None = None) -> str:
    """The analysis card alone, as a page."""
    words = wordings(language or run["language"])
    page = words["page"]
    title = words["card"]["title"]
    sections = [("card", page["card_heading"], _card(card(run, words)))]
    return _page(language or run["language"], title, join(_head(title, "", page), _facts(run, page)), sections, page)


def _page(
    language: str, title: str, opening: Html, sections: Sequence[tuple[str, str, Html | None]], page: Mapping[str, Any]
) -> str:
    shown = [(name, heading, content) for name, heading, content in sections if content is not None]
    links = tag("ol", *(tag("li", tag("a", heading, href=f"#{name}")) for name, heading, _ in shown))
    contents = tag("nav", links, aria_label=page["contents"]) if len(shown) > 1 else Html("")
    body = [
        tag("section", tag("h2", heading, id=name), content, aria_labelledby=name) for name, heading, content in shown
    ]
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_policy()),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("style", Html(_style())),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, tag('body', opening, contents, tag('main', *body)), lang=language)}\n"


@cache
def _style() -> str:
    return "".join((_FOLDER / name).read_text("utf-8") for name in ("tokens.css", "report.css"))


def _policy() -> str:
    """Nothing may load or run but this very style sheet, whatever a comment holds."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'"


def _head(title: str, made_of: str, page: Mapping[str, Any]) -> Html:
    notice = tag(
        "section",
        tag("h2", page["read_first"], id="read-first"),
        tag("ul", *(tag("li", sentence) for sentence in page["notice"])),
        class_="notice",
        aria_labelledby="read-first",
    )
    made = tag("p", made_of, class_="quiet") if made_of else Html("")
    return tag("header", tag("p", page["product"], class_="product"), tag("h1", title), made, notice)


def _facts(run: Published, page: Mapping[str, Any]) -> Html:
    facts = [
        (page["written"], page["comments"].format(count=count(written(run)))),
        (page["topics"], count(len(first_level(run)))),
        (page["core_share"], share(run["coverage"]["assigned_share"])),
        (page["empty"], page["comments"].format(count=count(run["parameters"]["empty"]))),
    ]
    cells = [tag("div", tag("dt", name), tag("dd", value)) for name, value in facts]
    return tag("section", tag("dl", *cells, class_="facts"), aria_label=page["facts"])


def _topic_list(run: Published, found: Mapping[str, Places], page: Mapping[str, Any]) -> Html:
    topics = [topic for topic in run["topics"] if topic["parent"] is None]
    if not topics:
        return tag("p", page["nothing"])
    names = ("label", "size", "share", "core", "fringe", "stability")
    heads = [tag("th", page[name], scope="col", class_=None if name == "label" else "n") for name in names]
    widest = max(topic["share"] for topic in topics)
    rows = [_topic_row(topic, found[topic["id"]], written(run), widest, page) for topic in topics]
    note = page["list_note"].format(written=count(written(run)), unstable=UNSTABLE)
    table = tag(
        "table", tag("thead", tag("tr", *heads)), tag("tbody", *rows), class_="topics", aria_labelledby="topics"
    )
    return join(tag("p", note, class_="quiet"), table)


def _topic_row(topic: Mapping[str, Any], found: Places, base: int, widest: float, page: Mapping[str, Any]) -> Html:
    bar = tag(
        "svg",
        tag("rect", width=f"{100 * topic['share'] / widest:.1f}%", height="8"),
        class_="bar",
        width="100%",
        height="8",
        aria_hidden="true",
    )
    name = tag("a", _name(topic), href=f"#topic-{topic['id']}")
    low = topic["stability"] < UNSTABLE
    stability = join(f"{topic['stability']:.2f}", tag("span", page["unstable_mark"], aria_hidden="true") if low else "")
    return tag(
        "tr",
        tag("th", name, bar, scope="row"),
        tag("td", count(topic["size"]), class_="n"),
        tag("td", share(topic["share"]) if base >= SHARES_FROM else "–", class_="n"),
        tag("td", count(found.core), class_="n"),
        tag("td", count(found.fringe), class_="n"),
        tag("td", "–" if topic["kind"] == "residual" else stability, class_="n"),
    )


def _name(topic: Mapping[str, Any]) -> str:
    return topic["label"] if topic["kind"] == "residual" else f"{topic['id']} {topic['label']}"


def _topics(
    run: Published, found: Mapping[str, Places], alike: Likeness | None, page: Mapping[str, Any]
) -> Html | None:
    labels = {topic["id"]: _name(topic) for topic in run["topics"]}
    articles = []
    for topic in first_level(run):
        near = alike.nearest(topic["id"]) if alike and topic["id"] in alike.topics else None
        nearest = tag("p", page["nearest"].format(topic=labels[near]), class_="quiet") if near else Html("")
        parts = [
            tag("article", tag("h4", _name(part)), *_about(part, found, page), class_="part")
            for part in parts_of(run, topic["id"])
        ]
        heading = tag("h3", _name(topic), id=f"topic-{topic['id']}")
        articles.append(tag("article", heading, *_about(topic, found, page), nearest, *parts, class_="topic"))
    rest = residual(run)
    if rest is not None:
        heading = tag("h3", rest["label"], id=f"topic-{rest['id']}")
        line = tag("p", page["comments"].format(count=count(rest["size"])), class_="quiet")
        articles.append(tag("article", heading, line, tag("p", page["residual_note"]), class_="topic"))
    return tag("div", *articles, class_="by-topic") if articles else None


def _about(topic: Mapping[str, Any], found: Mapping[str, Places], page: Mapping[str, Any]) -> Iterator[Html]:
    """The figures of a topic, its computed sentences, and people's own words with the comment they stand in."""
    here = found[topic["id"]]
    line = page["topic_line"].format(
        core=count(here.core), fringe=count(here.fringe), stability=f"{topic['stability']:.2f}"
    )
    low = f" {page['unstable_words']}" if topic["stability"] < UNSTABLE else ""
    yield tag("p", line + low, class_="quiet")
    quotes = [sentence for sentence in topic["summary"] if sentence["kind"] == "quote"]
    said = [sentence["sentence"] for sentence in topic["summary"] if sentence["kind"] != "quote"]
    if said:
        yield tag("p", page["space"].join(said))
    elif topic["keywords"]:
        yield tag("p", page["keywords"].format(words=page["joiner"].join(topic["keywords"])))
    for sentence in quotes:
        caption = page["quote_of"].format(id=sentence["sources"][0])
        yield tag(
            "figure", tag("blockquote", sentence["sentence"], dir="auto"), tag("figcaption", caption), class_="voice"
        )
    if not quotes:
        yield tag("p", page["no_quote"], class_="quiet")


def _card(parts: Sequence[Part]) -> Html:
    shown = []
    for part in parts:
        rows = [tag("tr", tag("th", name, scope="row"), tag("td", value)) for name, value in part.rows]
        table = tag("table", tag("tbody", *rows), class_="card", aria_label=part.heading) if rows else Html("")
        sentences = tag("ul", *(tag("li", sentence) for sentence in part.sentences)) if part.sentences else Html("")
        shown.append(join(tag("h3", part.heading), table, sentences))
    return join(*shown)


def _wording_of_topics(
    run: Published, texts: Mapping[str, str], spans: Mapping[str, Sequence[tuple[int, int]]]
) -> dict[str, list[str]]:
    """The comments in the core of each topic of the first level, masks taken out, the strongest first."""
    above = {topic["id"]: topic["parent"] or topic["id"] for topic in run["topics"]}
    wordings_of: dict[str, list[tuple[float, str]]] = {topic["id"]: [] for topic in first_level(run)}
    for each in run["assignments"]:
        topic = above.get(each["topic"])
        if each["place"] == "core" and topic in wordings_of:
            text = masked(texts[each["id"]], spans.get(each["id"], ()), "")
            wordings_of[topic].append((-each["strength"], text))
    return {topic: [text for _, text in sorted(found)] for topic, found in wordings_of.items()}
