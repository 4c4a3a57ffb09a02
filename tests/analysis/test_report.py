"""The page of a run: one file, no network, no script, nothing injected, nothing unmasked, readable and printable."""

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from analysis.card import Origin, card, to_markdown
from analysis.output import document
from analysis.published import NotARun, checked, masked
from analysis.report import card_page, report
from analysis.text import Comment
from analysis.topic_map import likeness, placed
from analysis.topics import analyse
from analysis.wordings import wordings
from tests.analysis.comments import ENGLISH, JAPANESE

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = (
    "図書館の席</td><script>alert(1)</script><img src=https://example.net/a.png onerror=alert(2)>\x00\u202eが足りない。"
)
SECRET = "090-1234-5678"
MASKED = f"ほかの話です。星の会の電話は{SECRET}です。"
ORIGIN = Origin(("answers.csv",), ("意見<b>",))


@pytest.fixture(scope="module")
def texts():
    return {str(number): text for number, text in enumerate([*JAPANESE, HOSTILE, HOSTILE, MASKED, " ", SECRET])}


@pytest.fixture(scope="module")
def run(texts):
    found = document(analyse([Comment(*each) for each in texts.items()]))
    found = json.loads(json.dumps(found))
    shown = [each for each, text in texts.items() if text in {HOSTILE, MASKED}]
    found["minority"] = list(dict.fromkeys([*found["minority"], *shown]))
    return found


@pytest.fixture(scope="module")
def page(run, texts):
    return BeautifulSoup(report(run, texts, ORIGIN), "html5lib")


ASKING = {"script", "link", "img", "iframe", "object", "embed", "audio", "video", "form", "base", "use", "image"}


def asked(soup):
    """What on a page could ask a network for something."""
    values = [str(value) for tag in soup.find_all(True) for value in tag.attrs.values()]
    links = [value for value in values if "://" in value or value.startswith("//") or "url(" in value]
    style = re.findall(r"url\(|@import", "".join(tag.decode_contents() for tag in soup.select("style")))
    return links + style + [tag.name for tag in soup.find_all(ASKING)]


def test_the_page_is_one_file_that_asks_nobody_for_anything(page):
    assert asked(page) == []
    names = [tag["id"] for tag in page.select("[id]")]
    assert len(names) == len(set(names))
    assert {link["href"].removeprefix("#") for link in page.select("a")} <= set(names)
    assert "default-src 'none'" in page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]


def test_a_page_that_asks_is_noticed():
    fetching = "<style>@import url(x)</style><img><p background='//x'></p>"
    assert len(asked(BeautifulSoup(fetching, "html5lib"))) == 4


def test_a_hostile_comment_is_shown_as_what_it_is(page):
    assert not page.select("script, img, b")
    assert not [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on") or name == "style"]
    shown = [cell.get_text() for cell in page.select(".written")]
    assert any(HOSTILE.replace("\x00", "\N{REPLACEMENT CHARACTER}") == text for text in shown)
    assert "「意見<b>」の分析" in page.h1.get_text()


def test_what_is_masked_is_nowhere_on_the_page(page):
    assert SECRET not in str(page)
    assert any("電話は■■■■です" in cell.get_text() for cell in page.select(".written"))
    assert "伏せ字のほかに言葉がない" in page.find(id="unassigned").parent.get_text()


def test_masks_that_touch_or_overlap_become_one():
    assert masked("abcdefgh", [(4, 6), (0, 2), (1, 4)]) == "■■■■gh"
    assert masked("abcdefgh", [(0, 1), (3, 4)]) == "■■■■bc■■■■efgh"


def test_every_topic_stands_with_its_size_its_quotes_and_their_comments(page, run, texts):
    rows = {row.th.a.get_text(): row for row in page.select("table.topics tbody tr")}
    for topic in run["topics"]:
        row = rows[topic["label"] if topic["kind"] == "residual" else f"{topic['id']} {topic['label']}"]
        assert row.select("td")[0].get_text() == str(topic["size"])
        assert row.rect["width"].endswith("%")
    for voice in page.select(".voice"):
        comment = voice.figcaption.get_text().removeprefix("意見 ")
        assert voice.blockquote.get_text() in texts[comment].replace("\x00", "\N{REPLACEMENT CHARACTER}")
    quoted = sum(sentence["kind"] == "quote" for topic in run["topics"] for sentence in topic["summary"])
    assert len(page.select(".voice")) == quoted > 0


def test_every_comment_without_a_topic_is_counted_with_a_reason(page, run):
    counted = [int(row.select("td")[1].get_text()) for row in page.select("table.unassigned tbody tr")]
    assert sum(counted) == sum(each["place"] == "unassigned" for each in run["assignments"])
    assert "空欄" in [row.select("td")[2].get_text() for row in page.select("table.unassigned tbody tr")]


def test_the_card_says_what_cannot_be_concluded_and_what_the_run_rests_on(page, run):
    said = page.find(id="card").parent.get_text()
    for sentence in ("標本調査ではありません", "answers.csv", "乱数の種", "電話番号", "安定度"):
        assert sentence in said
    parts = card(run, wordings("en"))
    assert {part.heading for part in parts} >= {"Data", "Method", "Parameters", "Stability", "Coverage"}


def test_a_card_in_markdown_holds_no_markup_of_others(run):
    hostile = run | {"topics": [topic | {"label": "# <b>*x*\n- y"} for topic in run["topics"]]}
    text = to_markdown("Card", card(hostile, wordings("ja")))
    assert r"1 \# \<b\>\*x\* - y" in text
    assert "- 探した話題の数: " in text
    assert text.splitlines()[0] == "# Card"
    assert to_markdown("1. x", ()) == "# 1\\. x\n"


def test_an_english_run_reads_english_and_the_card_either_language():
    comments = [Comment(str(number), text) for number, text in enumerate(ENGLISH[:12])]
    found = document(analyse(comments, "en", topics=2))
    made = report(found, {each.id: each.text for each in comments}, Origin(("a.csv",), ("text",)))
    assert '<html lang="en">' in made
    assert "This is not a sample survey." in made
    assert not re.search("[ぁ-んァ-ヶ一-龠]", re.sub("<style>.*?</style>", "", made, flags=re.S))
    assert '<html lang="ja">' in card_page(found, "ja")


def test_a_run_without_topics_says_so_and_invents_none():
    texts = {"1": "席", "2": "席", "3": ""}
    found = document(analyse([Comment(*each) for each in texts.items()]))
    page = BeautifulSoup(report(found, texts, ORIGIN), "html5lib")
    assert "話題はありません" in page.get_text()
    assert not page.select(".voice, .map, table.topics")
    assert "違う内容の意見が2つ以上ないので、分けられない" in page.find(id="unassigned").parent.get_text()


def test_both_languages_have_the_same_sentences_with_the_same_places():
    def places(value):
        if isinstance(value, dict):
            return {key: places(item) for key, item in value.items()}
        return sorted(re.findall(r"\{\w+\}", value)) if isinstance(value, str) else len(value)

    assert places(wordings("ja")) == places(wordings("en"))


def test_boxes_on_the_map_never_overlap_and_alike_topics_lie_nearer():
    alike = likeness({"a": ["図書館の席が足りない"], "b": ["図書館の席を増やす"], "c": ["除雪車が来ない"]})
    assert alike.nearest("a") == "b"
    sizes = [(200.0, 60.0)] * 3
    spots, height = placed(alike, sizes, 320.0, 0.5)
    for first in "abc":
        for second in "abc".replace(first, ""):
            apart = abs(spots[first].x - spots[second].x), abs(spots[first].y - spots[second].y)
            assert apart[0] >= 199 or apart[1] >= 59
        assert 100 <= spots[first].x <= 220
        assert 29 <= spots[first].y <= height - 29
    wide, _ = placed(alike, [(10.0, 10.0)] * 3, 700.0, 0.5)
    assert distance(wide["a"], wide["b"]) < distance(wide["a"], wide["c"])
    assert likeness({"a": ["席"], "b": ["…"]}) is None


def distance(one, other):
    return (one.x - other.x) ** 2 + (one.y - other.y) ** 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda run: [], "holds no object"),
        (lambda run: run | {"version": 2}, "version"),
        (lambda run: {key: run[key] for key in run if key != "topics"}, "topics"),
        (lambda run: run | {"assignments": [{"id": "1"}]}, "assignments/0"),
        (lambda run: run | {"assignments": [run["assignments"][0] | {"topic": []}]}, "assignments/0"),
        (lambda run: run | {"masked": ["x"]}, "masked/0"),
        (lambda run: run | {"duplicates": [{"representative": "1", "members": 2, "kind": "exact"}]}, "members"),
        (lambda run: run | {"topics": [{**run["topics"][0], "size": "many"}]}, "topics/0/size"),
    ],
)
def test_a_document_that_is_no_run_is_named_where_it_differs(run, change, reason):
    assert checked(run) is run
    with pytest.raises(NotARun, match=reason):
        checked(change(run))


VALUE = re.compile(r"(--[\w-]+):\s*([^;]+);")


def test_every_value_of_the_page_is_one_of_the_design_tokens():
    theirs = (ROOT / "civic/web/static/css/tokens.css").read_text("utf-8")
    known = dict(VALUE.findall(theirs))
    ours = (ROOT / "analysis/stylesheets/tokens.css").read_text("utf-8")
    light, dark = ours.split("@media")

    def resolved(value):
        found = re.fullmatch(r"var\((--[\w-]+)\)", value)
        return resolved(known[found[1]]) if found else value

    assert {name: resolved(known[name]) for name, _ in VALUE.findall(light)} == dict(VALUE.findall(light))
    assert set(dict(VALUE.findall(dark)).values()) <= {resolved(value) for value in known.values()}


def test_a_narrow_screen_leaves_a_column_out_and_paper_never():
    rules = (ROOT / "analysis/stylesheets/report.css").read_text("utf-8")
    assert re.findall(r"@media ([^{]*max-width[^{]*) {", rules) == ["screen and (max-width: 47.99rem)"]


PAIRS = [
    ("--text", "--surface", 7.0),
    ("--text", "--paper", 7.0),
    ("--text", "--warning-tint", 7.0),
    ("--text-quiet", "--surface", 7.0),
    ("--link", "--surface", 7.0),
    ("--warning", "--warning-tint", 4.5),
    ("--accent", "--surface", 4.5),
    ("--info", "--surface", 3.0),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_can_be_told_apart_in_both_schemes(scheme):
    light, dark = (ROOT / "analysis/stylesheets/tokens.css").read_text("utf-8").split("@media")
    values = dict(VALUE.findall(light)) | (dict(VALUE.findall(dark)) if scheme == "dark" else {})
    for ink, ground, ratio in PAIRS:
        assert contrast(values[ink], values[ground]) >= ratio, (ink, ground)
    assert contrast("#888888", "#777777") < 3


def contrast(one, other):
    """WCAG 2.2, relative luminance."""
    brightness = sorted(
        sum(
            weight * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
            for weight, part in zip(
                (0.2126, 0.7152, 0.0722), (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)), strict=True
            )
        )
        for colour in (one, other)
    )
    return (brightness[1] + 0.05) / (brightness[0] + 0.05)
