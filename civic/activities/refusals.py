"""Why an act on an activity was refused."""

from civic.messages import N_
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
    sentence = N_("This cannot open yet: %(count)s things are missing.")


class LatchAlreadySet(Refusal):
    sentence = N_("This was done already and cannot be done again.")


class TooLateToExtend(Refusal):
    sentence = N_("The period is over. It can be extended only before its end.")


class ReasonNeeded(Refusal):
    status = 422
    sentence = N_("Write the reason. It is shown to residents.")


class HasResponses(Refusal):
    sentence = N_("This has answers and cannot be deleted. Withdraw it with a reason instead.")


class PeriodChangePending(Refusal):
    sentence = N_("Another change of the period is waiting for its decision.")


class SlugTaken(Refusal):
    status = 422
    sentence = N_("This address is taken. Choose another one.")
