"""Responses as a file: what came in comes back, and what was answered here stands beside it."""

import csv
import json
from pathlib import Path

import pytest

from analysis.spreadsheets import read_xlsx
from analysis.tabular import read_table
from surveys.models import Survey
from tests.cast import Cast
from tests.factories.surveys import fill, make_survey
from tests.surveys.collecting.conftest import Operator, Table
from tests.surveys.collecting.test_importing import ROWS

MAP = {
    "columns": {
        "年齢": {"question": "age"},
        "場所": {"question": "place", "unknown": "elsewhere"},
        "困りごと": {"question": "problems", "split": "\n"},
        "地区": {"attribute": "district"},
        "公園": {"derived": True, "from": "place.park"},
    },
    "time": "日時",
    "key": ["番号"],
}
MAPPED = [
    {"番号": "1", "日時": "2026-05-01 10:00:00", "年齢": "3", "場所": "近所の公園",
     "困りごと": "遠い\n日かげが少ない", "地区": "北", "公園": "1"},
    {"番号": "2", "日時": "2026-05-02 11:30:00", "年齢": "", "場所": "祖父の畑", "困りごと": "", "地区": "", "公園": "0"},
]  # fmt: skip


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.csv"


def read(path: Path) -> list[dict[str, str]]:
    table = read_table(path)
    return [dict(zip(table.headers, row, strict=True)) for row in table.rows]


def test_a_table_imported_by_a_map_comes_back_in_its_own_columns_without_the_derived_ones(
    imported: Survey, operator: Operator, table: Table, tmp_path: Path, out: Path
) -> None:
    column_map = tmp_path / "map.json"
    column_map.write_text(json.dumps(MAP), encoding="utf-8")
    counts = operator.counts(table(MAPPED), "--map", column_map)
    assert (counts["rows"]["stored"], counts["cells"]["derived_equal"]) == (2, 2)
    operator.run("export-responses", "playgrounds", "--format", "csv", "--out", out)
    found = read(out)
    kept = [header for header in MAPPED[0] if header != "公園"]
    assert list(found[0])[: len(kept)] == kept
    assert [{header: row[header] for header in kept} for row in found] == [
        {header: row[header] for header in kept} for row in MAPPED
    ]


def test_an_export_is_taken_again_as_it_is(imported: Survey, operator: Operator, table: Table, out: Path) -> None:
    operator.counts(table(ROWS), "--key", "number")
    operator.run("export-responses", "playgrounds", "--format", "csv", "--out", out)
    assert [row["number"] for row in read(out)] == ["1", "2", "3"]
    assert operator.counts(out, "--key", "number")["rows"]["already_there"] == 3


def test_answers_given_here_stand_under_the_forms_names_with_a_codebook(
    cast: Cast, operator: Operator, out: Path
) -> None:
    survey = make_survey(cast)
    fill(survey, [{"place": {"options": ["elsewhere"], "other": {"elsewhere": "=畑"}}, "age": {"number": "4"}}])
    operator.run("export-responses", survey.slug, "--format", "csv", "--out", out)
    (row,) = read(out)
    assert (row["place"], row["place.other"], row["age"]) == ("elsewhere", "=畑", "4")
    assert "'=畑" in out.read_text(encoding="utf-8-sig")
    with out.with_name("out.csv.codebook.csv").open(encoding="utf-8-sig", newline="") as file:
        codebook = list(csv.DictReader(file))
    assert {"column": "place", "code": "park", "meaning": "近所の公園"}.items() <= codebook[2].items()


def test_a_workbook_has_the_codebook_as_its_second_sheet(
    imported: Survey, operator: Operator, table: Table, tmp_path: Path
) -> None:
    operator.counts(table(ROWS), "--key", "number")
    book = tmp_path / "out.xlsx"
    assert operator.run("export-responses", "playgrounds", "--format", "xlsx", "--out", book) == 0
    assert len(read_xlsx(book).rows) == 3
    assert read_xlsx(book, sheet="codebook").headers[0] == "column"
    assert operator.run("export-responses", "playgrounds", "--format", "xlsx") == 2
