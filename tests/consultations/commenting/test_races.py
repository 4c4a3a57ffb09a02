"""Comments that meet the end of the period, and each other, on SQLite; `tests/postgres` runs the same on PostgreSQL."""

from flask import Flask

from tests.cast import Cast
from tests.consultations.commenting import racing


def test_every_acknowledged_comment_counts_and_none_after_the_latch(app: Flask, cast: Cast) -> None:
    racing.comment_while_it_ends(app, racing.opened(cast), 12)


def test_one_form_sent_twenty_times_is_one_comment(app: Flask, cast: Cast) -> None:
    racing.press_twenty_times(app, racing.opened(cast))
