"""Why a table of responses, or one form, was not taken."""

from collections.abc import Sequence

from civic.messages import N_, Message
from civic.refusals import Refusal


class FileDoesNotFit(Refusal):
    """`problems` lists every reason, each a Message."""

    status = 422
    sentence = N_("The file does not fit this survey. Things to correct: %(count)s.")

    def __init__(self, problems: Sequence[Message]) -> None:
        super().__init__(count=len(problems))
        self.problems = tuple(problems)


class ImportGoesOn(Refusal):
    sentence = N_("Somebody else is importing this file right now. Wait until it is done.")


class PersonNeeded(Refusal):
    status = 422
    sentence = N_("This survey takes one answer per person. Name the column that says who answered.")


class PersonNotAsked(Refusal):
    status = 422
    sentence = N_("This survey has no register, so no column can say who answered.")


class PersonWouldBeKept(Refusal):
    status = 422
    sentence = N_(
        "The column “%(column)s” says who answered. It cannot be a key or an answer too: those are kept with the answers."
    )


class UnknownAuthor(Refusal):
    status = 422
    sentence = N_("There is no staff account %(login)s.")


class TooLargeForBrowser(Refusal):
    status = 413
    sentence = N_(
        "This file is too large for the browser. Ask the administrator to import it with the command “surveys import-responses”."
    )


class TableUnreadable(Refusal):
    """`problem` is the sentence of the table's own refusal."""

    status = 422
    sentence = N_("The file cannot be read as a table: %(problem)s")
