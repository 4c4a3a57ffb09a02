"""Why a change of a questionnaire was refused."""

from civic.messages import N_
from civic.refusals import Refusal


class NothingToUndo(Refusal):
    sentence = N_("There is no change left to undo.")


class NotOnlyWords(Refusal):
    status = 422
    sentence = N_(
        "After the opening only words can be corrected. Questions, options, limits and conditions stay as they are, "
        "so that all answers mean the same."
    )
