"""A draft of any length is read page by page: nothing twice, nothing left out, no page too long."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from consultations.comments.commenting import reading
from consultations.comments.commenting.reading import Head
from consultations.comments.stages import PassageKind


@dataclass
class Passage:
    kind: PassageKind
    depth: int
    label: str
    text: str
    html: str


def heading(depth: int, label: str = "1", text: str = "題") -> Passage:
    return Passage(PassageKind.CHAPTER if depth == 1 else PassageKind.SECTION, depth, label, text, text)


def paragraph(label: str = "1-1", text: str = "文") -> Passage:
    return Passage(PassageKind.PARAGRAPH, 2, label, text, f"<p>{text}</p>")


@given(st.integers(1, 20_000), st.lists(st.integers(0, 19_999), max_size=400))
def test_the_pages_of_a_draft_hold_every_passage_once(total: int, starts: list[int]) -> None:
    pages = reading.parts(sorted({start for start in starts if start < total}), total)
    assert [position for part in pages for position in range(part.start, part.stop)] == list(range(total))
    assert all(0 < part.stop - part.start <= reading.MOST_PASSAGES for part in pages)
    assert [part.number for part in pages] == list(range(1, len(pages) + 1))
    assert len(pages) <= reading.MOST_PARTS + 1
    assert all(reading.part_of(pages, position).start <= position for position in (0, total // 2, total - 1))


def test_a_long_draft_has_one_chapter_a_page() -> None:
    assert [(part.start, part.stop) for part in reading.parts([0, 100, 150], 250)] == [(0, 100), (100, 150), (150, 250)]
    assert [(part.start, part.stop) for part in reading.parts([10, 150], 250)] == [(0, 10), (10, 150), (150, 250)]


def test_a_short_draft_is_one_page() -> None:
    assert len(reading.parts([0, 100, 150], reading.MOST_PASSAGES)) == 1


def test_a_chapter_of_a_thousand_passages_goes_on_over_several_pages() -> None:
    pages = reading.parts([0, 1_000], 1_100)
    assert [part.stop - part.start for part in pages] == [200, 200, 200, 200, 200, 100]
    heads = [Head(0, "p1", "第1章"), Head(1_000, "p1001", "第2章")]
    assert reading.chapter_of(heads, pages[2]) is heads[0]
    assert [(entry.title, entry.part) for entry in reading.contents(heads, pages, pages[2]) if entry.current] == [
        ("第1章", 1)
    ]


def test_ten_thousand_chapters_do_not_make_ten_thousand_lines() -> None:
    heads = [Head(position, f"p{position + 1}", "章") for position in range(10_000)]
    pages = reading.parts(range(10_000), 10_000)
    assert len(pages) == 50
    assert len(reading.contents(heads, pages, pages[0])) == 50


def test_no_level_of_headings_is_left_out() -> None:
    passages = [heading(1), paragraph(), heading(4), heading(4), paragraph(), heading(1), heading(2)]
    assert [level for _one, level in reading.levelled(passages)] == [2, 2, 3, 4, 4, 2, 3]
    assert [level for _one, level in reading.levelled([paragraph(), heading(3)])] == [1, 2]


def test_a_number_stands_once() -> None:
    assert reading.says_its_number(heading(1, "第2章", "第2章 取り組むこと"))
    assert not reading.says_its_number(heading(1, "2", "24時間の運行"))
    assert not reading.says_its_number(paragraph("2-1", "予約して乗るバス"))
