"""Why a questionnaire from a file was not taken."""

from civic.messages import N_
from civic.refusals import Refusal


class UnknownAuthor(Refusal):
    status = 422
    sentence = N_("There is no staff account %(login)s.")
