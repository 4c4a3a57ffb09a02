"""Why an answer on the way was refused."""

from civic.messages import N_
from civic.refusals import Refusal


class NothingToSend(Refusal):
    sentence = N_("There are no answers of yours here to send. They were sent already, or kept for 30 days and erased.")


class AnswersChanged(Refusal):
    sentence = N_("Your answers were changed in another window. Check them below, then send again.")


class QuestionnaireCorrected(Refusal):
    """Keeps its writes: the page of the earlier version is saved all the same."""

    keeps_writes = True
    sentence = N_(
        "The words of this questionnaire were corrected meanwhile. Your answers are kept; check them and go on."
    )


class NotComplete(Refusal):
    status = 422
    sentence = N_("Some questions still need an answer.")


class UnknownResumeCode(Refusal):
    status = 422
    sentence = N_("We cannot find this code. Check the 12 characters. Saved answers are kept for 30 days.")


class TrialOver(Refusal):
    sentence = N_("Trial answers are possible only before the survey opens.")
