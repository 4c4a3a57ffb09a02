"""What a table was refused for is said in the reader's language."""

from flask import Flask
from flask_babel import force_locale

from analysis.tabular import Reason, TableRefused
from civic.intake.unreadable import SENTENCES, sentence
from civic.web.languages import plain


def test_every_reason_of_the_table_reader_is_marked_for_translation() -> None:
    assert set(SENTENCES) == {reason.value for reason in Reason}


def test_a_reason_is_said_in_japanese(app: Flask) -> None:
    with force_locale("ja"):
        assert plain(sentence(TableRefused(Reason.TOO_WIDE, limit=1000))) == "列が1000列を超えています。"
