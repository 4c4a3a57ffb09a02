"""Why an act on an activity was refused, and which constraint each refusal explains."""

from collections.abc import Sequence

from civic.db import refuse
from civic.messages import N_, Message
from civic.refusals import Refusal


class NotOpenYet(Refusal):
    sentence = N_("This has not opened yet, so we could not accept it. Your text is below.")


class PeriodOver(Refusal):
    """Keeps its writes: the request that finds the period over also sets the latch."""

    sentence = N_("This closed at %(ended)s, so we could not accept it. Your text is below.")
    keeps_writes = True


class ActivityWithdrawn(Refusal):
    sentence = N_("This was withdrawn, so we could not accept it. Your text is below.")


class ChannelNotOffered(Refusal):
    status = 422
    sentence = N_("This cannot be taken by this channel: %(channel)s.")


class AlreadyTookPart(Refusal):
    """`receipt` is the first participation's number, or None when it must not be shown."""

    sentence = N_("You have already taken part. Your first answer counts; this one was not saved.")

    def __init__(self, receipt: str | None = None, channel: str | None = None) -> None:
        super().__init__()
        self.receipt = receipt
        self.channel = channel


class SubmissionKeyUsed(Refusal):
    sentence = N_(
        "We already received this form with other content. The first one counts; your text is below and was not saved."
    )


class IdentityNeeded(Refusal):
    status = 403
    sentence = N_("Sign in or enter your code first. Your text is kept.")


class SecondPersonNeeded(Refusal):
    status = 403
    sentence = N_("Someone else must approve this: not its author and not its last editor.")


class NotReadyToOpen(Refusal):
    """`problems` lists what is missing, each a Message."""

    status = 422
    sentence = N_("This cannot open yet. Things to complete: %(count)s.")

    def __init__(self, problems: Sequence[Message]) -> None:
        super().__init__(count=len(problems))
        self.problems = tuple(problems)


class NotReadyToAnswer(NotReadyToOpen):
    sentence = N_("The city's answer cannot be published yet. Things to complete: %(count)s.")


class LatchAlreadySet(Refusal):
    sentence = N_("This was done already and cannot be done again.")


class NotEndedYet(Refusal):
    sentence = N_("People can still take part. Close it after the period is over.")


class NotClosedYet(Refusal):
    sentence = N_("This is not closed yet. The answer follows when the counts are final.")


class FrozenByOpening(Refusal):
    sentence = N_("This has opened and what it asks no longer changes. The contact can still be corrected.")


class NotInApproval(Refusal):
    sentence = N_("This is not waiting for approval. It was changed or decided in the meantime.")


class NotOpenNow(Refusal):
    sentence = N_("This is not open now, so its period cannot be changed.")


class CountsFinal(Refusal):
    sentence = N_("This is closed and its counts are final.")


class ConflictsUndecided(Refusal):
    sentence = N_("Double participations are not decided yet: %(count)s. Decide them, then close.")


class NoConflict(Refusal):
    sentence = N_("This participation is no longer in conflict.")


class TooLateToExtend(Refusal):
    """Keeps its writes: the request that finds the period over also sets the latch."""

    keeps_writes = True
    sentence = N_("The period is over. It can be extended only before its end.")


class ReasonNeeded(Refusal):
    status = 422
    sentence = N_("Write the reason. It is shown to residents.")


class PeriodNotForward(Refusal):
    status = 422
    sentence = N_("The end must be later than the opening.")


class EndNotLater(Refusal):
    status = 422
    sentence = N_("The new end must be later than the present one.")


class EndIsFixed(Refusal):
    """`message` is the sentence of the activity's kind."""

    sentence = N_("The end of this period cannot be moved.")

    def __init__(self, reason: Message) -> None:
        super().__init__()
        self.reason = reason

    @property
    def message(self) -> Message:
        return self.reason


class ClosedOnItsOwnPage(Refusal):
    sentence = N_("More belongs to this close than the count. It is closed on its own page.")


class EndPastPromise(Refusal):
    status = 422
    sentence = N_(
        "The new end must be before the day of the city's answer and before the day on which the answers are erased."
    )


class NoteNeeded(Refusal):
    status = 422
    sentence = N_("Write what should be changed.")


class AnswerNeeded(Refusal):
    status = 422
    sentence = N_("Write the city's answer in Japanese first.")


class HasResponses(Refusal):
    sentence = N_("This has answers and cannot be deleted. Withdraw it with a reason instead.")


class PeriodChangePending(Refusal):
    sentence = N_("Another change of the period is waiting for its decision.")


class SlugTaken(Refusal):
    status = 422
    sentence = N_("This address is taken. Choose another one.")


class UnknownReceipt(Refusal):
    status = 422
    sentence = N_("This activity has no participation with this number.")


class AlreadyProposed(Refusal):
    sentence = N_("Somebody has proposed a decision already. It waits for a second person.")


refuse("ck_activity_second_person_approves", SecondPersonNeeded)
refuse("ck_activity_second_person_answers", SecondPersonNeeded)
refuse("ck_period_change_second_person_decides", SecondPersonNeeded)
refuse("ck_conflict_decision_second_person_decides", SecondPersonNeeded)
refuse("uq_period_change_pending", PeriodChangePending)
refuse("uq_conflict_decision_participation_id", AlreadyProposed)
refuse("ck_activity_period_is_forward", PeriodNotForward)
refuse("uq_activity_slug", SlugTaken)
refuse("uq_project_slug", SlugTaken)
