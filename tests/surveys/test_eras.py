from datetime import date

import pytest

from surveys import eras


@pytest.mark.parametrize(("text", "year"), [
    ("2026", 2026), ("２０２６年", 2026), ("令和8年", 2026), ("令和 ８", 2026), ("R8", 2026), ("ｒ８", 2026),
    ("平成元年", 1989), ("平成31", 2019), ("昭和62年", 1987), ("大正15", 1926), ("明治元年", 1868),
    ("26", None), ("令和0年", None), ("令和", None), ("元", None), ("西暦", None), ("", None),
])  # fmt: skip
def test_years_are_read_as_people_write_them(text: str, year: int | None) -> None:
    assert eras.year(text) == year


@pytest.mark.parametrize(("text", "day"), [
    ("2026-11-23", date(2026, 11, 23)), ("2026/1/3", date(2026, 1, 3)), ("令和8年11月23日", date(2026, 11, 23)),
    ("2026-02-30", None), ("23.11.2026", None), ("明日", None), ("2026-11", None),
])  # fmt: skip
def test_a_whole_day_stands_in_one_cell(text: str, day: date | None) -> None:
    assert eras.day(text) == day
