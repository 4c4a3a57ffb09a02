"""CSV as Japanese offices send it, and as we send it back."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.tabular import MAX_CELL_CHARACTERS, Reason, TableRefused, iter_rows, open_data_csv, read_table, write_csv

TEXT = "番号,意見\r\n1,髙橋①〜のベンチ\r\n"

CELLS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.text(st.sampled_from("'=+-@\t\r\n,\"1.e "), max_size=8),
)


def written(headers, rows):
    return b"".join(write_csv(headers, rows))


def refusal(source, **options):
    with pytest.raises(TableRefused) as caught:
        read_table(source, **options)
    return caught.value


@pytest.mark.parametrize(
    ("codec", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("cp932", "cp932")],
)
def test_what_offices_send_is_read_without_asking(codec, found):
    text = TEXT.replace("〜", "～")
    table = read_table(text.encode(codec))
    assert (table.headers, table.rows) == (("番号", "意見"), [("1", "髙橋①～のベンチ")])
    assert table.encoding == found


def test_big_endian_utf_16_is_read_by_its_bom():
    assert read_table(b"\xfe\xff" + TEXT.encode("utf-16-be")).rows == [("1", "髙橋①〜のベンチ")]


def test_a_stated_encoding_overrides_and_shift_jis_means_cp932():
    assert read_table("名\n髙①\n".encode("cp932"), encoding="Shift_JIS").rows == [("髙①",)]
    assert read_table("nom\né\n".encode("latin-1"), encoding="latin-1").rows == [("é",)]
    assert refusal(b"a\n\xff\n", encoding="utf-8").params == {"byte": 3, "line": 2, "encoding": "utf-8"}
    assert refusal(b"a\n", encoding="klingon").reason is Reason.UNKNOWN_ENCODING
    assert refusal(b"a\n", encoding="base64").reason is Reason.UNKNOWN_ENCODING


@pytest.mark.parametrize(
    ("raw", "byte", "line"),
    [
        (b"a\nb\n\xff\n", 5, 3),
        ("番号\nあ\n".encode("cp932") + b"\x80\n", 9, 3),
        ("番号\nあ\n".encode() + b"\xe3\x81", 12, 3),
    ],
)
def test_what_no_encoding_reads_is_refused_with_its_byte_and_line(raw, byte, line):
    refused = refusal(raw)
    assert refused.reason is Reason.ENCODING
    assert (refused.params["byte"], refused.params["line"]) == (byte, line)


@pytest.mark.parametrize("codec", ["utf-8", "cp932"])
def test_the_place_is_right_far_into_the_file_and_across_chunks(codec):
    good = "意見\n" + "あ" * 99_999 + "\n"
    refused = refusal(good.encode(codec) + b"\xff", encoding=codec)
    assert (refused.params["byte"], refused.params["line"]) == (len(good.encode(codec)) + 1, 3)


def test_tabs_are_recognised_by_the_header_row():
    table = read_table(b'a,b\t"c\td"\te\n1\t2\t3\n')
    assert (table.headers, table.rows, table.delimiter) == (("a,b", "c\td", "e"), [("1", "2", "3")], "\t")


def test_a_cell_may_hold_line_breaks_and_blank_lines_are_no_rows():
    assert read_table(b'a,b\n"x\r\ny",1\n\n"p\n\nq",2\n\n').rows == [("x\r\ny", "1"), ("p\n\nq", "2")]


@pytest.mark.parametrize(
    ("raw", "reason", "params"),
    [
        (b"", Reason.NO_HEADER, {}),
        (b"\n\n", Reason.NO_HEADER, {}),
        (b"a,,c\n", Reason.UNNAMED_COLUMN, {"row": 0, "position": 2}),
        ("a,　\n".encode(), Reason.UNNAMED_COLUMN, {"row": 0, "position": 2}),
        (b"a,b,a\n", Reason.DOUBLED_COLUMN, {"row": 0, "column": "a"}),
        (b'a,b\n1,"x\ny"\n1\n', Reason.ROW_LENGTH, {"row": 2, "line": 4, "found": 1, "expected": 2}),
        (b"a,b\n1,2,3\n", Reason.ROW_LENGTH, {"row": 1, "line": 2, "found": 3, "expected": 2}),
        (b'a,b\n1,2\n3,"open\n5,6\n', Reason.QUOTATION, {"row": 2, "line": 3}),
        (b'a,b\n"x"y,2\n', Reason.QUOTATION, {"row": 1, "line": 2}),
    ],
)
def test_a_broken_table_is_refused_with_its_place(raw, reason, params):
    refused = refusal(raw)
    assert (refused.reason, refused.params) == (reason, params)
    assert str(refused) == reason.value % params


def test_an_open_quotation_mark_does_not_swallow_a_large_file():
    refused = refusal(b'a\n1\n"' + b"x\n" * MAX_CELL_CHARACTERS)
    assert (refused.reason, refused.params["row"]) == (Reason.LONG_CELL, 2)


def test_a_long_comment_is_read_whole():
    comment = "長" * 200_000
    assert read_table(written(["意見"], [[comment]])).rows == [(comment,)]


def test_the_number_of_cells_is_bounded_where_asked():
    raw = b"a,b\n" + b"1,2\n" * 5
    assert len(read_table(raw, max_cells=10).rows) == 5
    assert refusal(raw, max_cells=9).reason is Reason.TOO_MANY_CELLS


def test_the_reading_of_a_large_file_can_be_watched():
    heard = []
    read_table(b"id\r\n" + b"1\r\n" * 120_000, told=lambda *place: heard.append(place))
    size = 4 + 3 * 120_000
    assert heard[-1] == (size, size)
    assert [total for _, total in heard] == [size] * 3
    assert 0 < heard[0][0] < heard[1][0] < size
    read_table(b"id\r\n" + b"1\r\n" * 100, told=lambda *place: heard.append(place))
    assert len(heard) == 3


def test_rows_are_read_as_they_are_asked_for(tmp_path: Path):
    path = tmp_path / "answers.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 100_000 + b"ragged\n")
    with iter_rows(path) as stream:
        assert stream.headers == ("a", "b")
        assert next(iter(stream)) == ("1", "2")


@pytest.mark.parametrize(
    ("cell", "in_file"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM", "'@SUM"),
        ("+81 776", "'+81 776"),
        ("-", "'-"),
        ("-5", "-5"),
        ("+1.5e-3", "+1.5e-3"),
        ("-1_000", "'-1_000"),
        ("-٣", "'-٣"),
        ("'=1+1", "''=1+1"),
        ("'quoted'", "'quoted'"),
    ],
)
def test_a_cell_a_spreadsheet_would_run_gets_an_apostrophe_unless_it_is_a_number(cell, in_file):
    raw = written(["a"], [[cell]])
    assert raw == f"\N{BOM}a\r\n{in_file}\r\n".encode()
    assert read_table(raw).rows == [(cell,)]


def test_values_are_written_as_plain_numbers_and_nothing_else_is_guessed():
    assert written(["a", "b", "c"], [[None, -12_000, 0.25]]).decode("utf-8-sig") == "a,b,c\r\n,-12000,0.25\r\n"
    with pytest.raises(ValueError, match="NaN"):
        written(["a"], [[float("nan")]])
    with pytest.raises(ValueError, match="2 cells under 1 headers"):
        written(["a"], [["x", "y"]])


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1)))
@example([["'=x", "\t"], ["'", "\r"]])
def test_what_is_written_is_read_back_exactly(rows):
    headers = [f"=列{number}" for number in range(len(rows[0]))]
    table = read_table(written(headers, rows))
    assert (list(table.headers), [list(row) for row in table.rows]) == (headers, rows)


@given(st.lists(CELLS, min_size=1))
def test_no_written_cell_starts_like_a_formula(cells):
    for row in csv.reader(io.StringIO(written(["a"], [[cell] for cell in cells]).decode("utf-8-sig"), newline="")):
        assert row[0][:1] not in set("=@\t\r")
        assert row[0][:1] not in set("+-") or float(row[0]) is not None


@given(st.lists(CELLS, min_size=1))
def test_open_data_has_one_record_per_line(cells):
    raw = b"".join(open_data_csv(["意見\n(自由記述)"], [[cell] for cell in cells]))
    assert len(raw.decode("utf-8-sig").split("\r\n")) == len(cells) + 2
    assert all(len(line.splitlines()) <= 1 for line in raw.decode("utf-8-sig").split("\r\n"))


def test_open_data_keeps_numbers_pure():
    assert b"".join(open_data_csv(["n", "text"], [[1234, "a\r\nb"]])).decode("utf-8-sig") == "n,text\r\n1234,a b\r\n"
