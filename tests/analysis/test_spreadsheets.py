"""XLSX that keeps its promises, and archives that do not."""

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

import analysis.spreadsheets as spreadsheets
from analysis.spreadsheets import Sheet, check_archive, read_xlsx, write_xlsx
from analysis.tabular import Reason, TableRefused


def written(headers, rows):
    target = io.BytesIO()
    write_xlsx(target, [Sheet("回答", headers, rows)])
    return target.getvalue()


def workbook_of(*rows):
    book, target = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def archive_of(**parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def refusal(act, *args, **options):
    with pytest.raises(TableRefused) as caught:
        act(*args, **options)
    return caught.value


PRINTABLE = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=8)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(PRINTABLE, st.integers(-(10**9), 10**9)), min_size=1))
def test_what_is_written_is_read_back(rows):
    table = read_xlsx(written(["意見", "数"], rows))
    assert table.headers == ("意見", "数")
    assert table.rows == [(text, str(number)) for text, number in rows]


def test_formulas_and_addresses_are_written_as_text():
    raw = written(["a", "b", "c"], [["=1+1", "https://example.jp/", "x\ny"]])
    cells = next(load_workbook(io.BytesIO(raw)).active.iter_rows(min_row=2))
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [
        ("=1+1", "s", None),
        ("https://example.jp/", "s", None),
        ("x\ny", "s", None),
    ]
    assert read_xlsx(raw).rows == [("=1+1", "https://example.jp/", "x\ny")]


def test_the_same_rows_are_the_same_bytes():
    assert written(["a"], [["x"], [1.5], [None]]) == written(["a"], [["x"], [1.5], [None]])


def test_what_a_workbook_cannot_hold_is_refused_rather_than_cut():
    refused = refusal(written, ["a"], [["short"], ["x" * 32_768]])
    assert (refused.reason, refused.params["row"]) == (Reason.LONG_FOR_WORKBOOK, 2)
    with pytest.raises(ValueError, match="2 cells under 1 headers"):
        written(["a"], [["x", "y"]])


def test_values_become_plain_text():
    raw = workbook_of(
        ["date", "moment", "whole", "part", "yes"],
        [date(2026, 11, 23), datetime(2026, 11, 23, 9, 30), 5.0, 0.25, True],
        [None, None, None, None, None],
        ["x"],
    )
    assert read_xlsx(raw).rows == [
        ("2026-11-23", "2026-11-23T09:30:00", "5", "0.25", "TRUE"),
        ("x", "", "", "", ""),
    ]


def test_a_sheet_that_is_no_table_is_refused_with_its_place():
    assert refusal(read_xlsx, workbook_of()).reason is Reason.NO_HEADER
    assert refusal(read_xlsx, workbook_of(["a", None, "b"])).reason is Reason.UNNAMED_COLUMN
    assert refusal(read_xlsx, workbook_of(["a", "a"])).reason is Reason.DOUBLED_COLUMN
    refused = refusal(read_xlsx, workbook_of(["a"], ["x"], ["y", "z"]))
    assert (refused.reason, refused.params["row"], refused.params["line"]) == (Reason.ROW_LENGTH, 2, 3)
    assert refusal(read_xlsx, workbook_of(["a"], ["x"], ["y"]), max_cells=1).reason is Reason.TOO_MANY_CELLS
    assert refusal(read_xlsx, workbook_of(["a"]), sheet="other").reason is Reason.NOT_A_WORKBOOK


def test_one_cell_in_the_last_corner_of_the_sheet_does_not_fill_the_memory():
    book, target = Workbook(), io.BytesIO()
    book.active["A1"] = "a"
    book.active["XFD1048576"] = "far"
    book.save(target)
    assert refusal(read_xlsx, target.getvalue()).reason is Reason.TOO_WIDE


@pytest.mark.parametrize("raw", [b"", b"a,b\n1,2\n", b"PK\x03\x04broken", archive_of(readme="no workbook")])
def test_what_is_not_a_workbook_is_refused(raw):
    assert refusal(read_xlsx, raw).reason is Reason.NOT_A_WORKBOOK


def test_a_workbook_cut_short_is_refused():
    assert refusal(read_xlsx, written(["a"], [["x"]])[:-200]).reason is Reason.NOT_A_WORKBOOK


def test_an_archive_that_unpacks_too_large_is_refused_before_it_is_parsed(monkeypatch):
    monkeypatch.setattr(spreadsheets, "MAX_UNPACKED", 1_000_000)
    assert refusal(check_archive, archive_of(a=b"0" * 600_000, b=b"0" * 600_000)).reason is Reason.TOO_LARGE_UNPACKED
    check_archive(archive_of(a=b"0" * 600_000))


def test_an_archive_of_too_many_parts_is_refused():
    parts = {f"part{number}": b"" for number in range(spreadsheets.MAX_PARTS + 1)}
    assert refusal(check_archive, archive_of(**parts)).reason is Reason.TOO_LARGE_UNPACKED


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_also_across_two_chunks(codec):
    bomb = " " * (spreadsheets._CHUNK - 4) + '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    assert refusal(check_archive, archive_of(sheet=bomb.encode(codec))).reason is Reason.DOCUMENT_TYPE
