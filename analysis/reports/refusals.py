"""Why an act of the reporting room was refused."""

from collections.abc import Sequence

from civic.messages import N_, Message
from civic.refusals import Refusal


class RunPending(Refusal):
    sentence = N_("An analysis of this question is already waiting or running.")


class RunNotDone(Refusal):
    sentence = N_("This analysis has not finished, so there is nothing to edit yet.")


class LabelEmpty(Refusal):
    status = 422
    sentence = N_("Write a name for the topic.")


class SourceNeeded(Refusal):
    status = 422
    sentence = N_("A sentence needs at least one comment it rests on. Enter the number of a confirmed comment.")


class PublicationRefused(Refusal):
    """`problems` lists every reason, each a Message."""

    status = 422
    sentence = N_("This report cannot be published yet. The reasons stand below.")

    def __init__(self, problems: Sequence[Message]) -> None:
        super().__init__()
        self.problems = tuple(problems)
