"""Why a table was not taken."""

from collections.abc import Sequence

from civic.messages import N_, Message
from civic.refusals import Refusal


class FileDoesNotFit(Refusal):
    """`problems` lists every reason, each a Message."""

    status = 422
    sentence = N_("The file does not fit. Things to correct: %(count)s.")

    def __init__(self, problems: Sequence[Message]) -> None:
        super().__init__(count=len(problems))
        self.problems = tuple(problems)


class ImportGoesOn(Refusal):
    sentence = N_("Somebody else is importing this file right now. Wait until it is done.")


class PersonNeeded(Refusal):
    status = 422
    sentence = N_("One person takes part once here. Name the column that says who it was.")


class PersonNotAsked(Refusal):
    status = 422
    sentence = N_("There is no register here, so no column can say who took part.")


class PersonWouldBeKept(Refusal):
    status = 422
    sentence = N_("The column “%(column)s” says who took part. It cannot be a key or a content too: those are kept.")


class MyNumberRefused(Refusal):
    """An Individual Number may not be collected for this (番号法20条)."""

    status = 422
    sentence = N_(
        "The column “%(column)s” looks like Individual Numbers (My Number), first in row %(row)s. They must not be taken."
    )


class TooLargeForBrowser(Refusal):
    status = 413
    sentence = N_(
        "This file is too large for the browser. Ask the administrator to import it with the command “%(command)s”."
    )


class TableUnreadable(Refusal):
    """`problem` is the sentence of the table's own refusal."""

    status = 422
    sentence = N_("The file cannot be read as a table: %(problem)s")


def sentences(refusal: Refusal) -> Sequence[Message]:
    """Every reason of a refusal."""
    return refusal.problems if isinstance(refusal, FileDoesNotFit) else [refusal.message]
