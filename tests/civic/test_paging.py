"""Pages of long lists at their ends."""

import pytest
from flask import Flask, request

from civic.paging import pages, within
from civic.web.requests import LARGEST, LAST_PAGE, number_in, page_number


def test_an_empty_list_has_one_page_and_a_full_page_no_second_one() -> None:
    assert [pages(count, 50) for count in (0, 1, 50, 51, 100)] == [1, 1, 1, 2, 2]


def test_a_page_that_is_not_there_is_the_nearest() -> None:
    assert [within(page, 101, 50) for page in (-5, 0, 1, 3, 4)] == [1, 1, 1, 3, 3]


@pytest.mark.parametrize(
    ("typed", "number", "page"),
    [("", 0, 1), ("x", 0, 1), ("-3", 0, 1), ("7", 7, 7), ("9" * 30, LARGEST, LAST_PAGE)],
)
def test_a_number_of_a_request_fits_every_database(app: Flask, typed: str, number: int, page: int) -> None:
    with app.test_request_context(f"/?page={typed}"):
        assert (number_in(request.args, "page"), page_number()) == (number, page)
