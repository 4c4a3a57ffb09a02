"""Why a step of sorting was refused, beside what every part of a consultation refuses."""

from civic.messages import N_
from civic.refusals import Refusal
from consultations.comments.refusals import ItemMoved


class SortingOver(Refusal):
    sentence = N_("The result is published or the consultation was withdrawn. The opinions stay as they were sorted.")


class NothingChosen(Refusal):
    status = 422
    sentence = N_("Choose at least one opinion.")


class TitleNeeded(Refusal):
    status = 422
    sentence = N_("Write a name for the group.")


class GroupAtWork(Refusal):
    sentence = N_(
        "This group has been asked about or answered. Join the other group into it, or move its opinions one by one."
    )


class GroupGone(ItemMoved):
    sentence = N_("Someone else has joined or deleted this group in the meantime. Nothing was changed; look again.")


class NothingToSplit(Refusal):
    status = 422
    sentence = N_("These parts are the ones there are already.")


class ReasonNeeded(Refusal):
    status = 422
    sentence = N_("Write why you need the name and the address. The reason is recorded.")
