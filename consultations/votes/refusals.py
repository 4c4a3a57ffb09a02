"""Why an act on a vote was refused, and which constraint each refusal explains."""

from collections.abc import Sequence

from civic.activities.refusals import SecondPersonNeeded
from civic.db import refuse
from civic.messages import N_, Message
from civic.refusals import Refusal
from consultations.votes.checks import sentence_of


class NotFrozen(Refusal):
    sentence = N_("This vote has no manifest yet. Freeze it first.")


class ArgumentsFrozen(Refusal):
    """`first` and `last`: the days from which and until which the arguments stand still."""

    sentence = N_(
        "From %(first)s to %(last)s the arguments are not changed, because of an election, and this time is not shortened. "
        "Nothing was saved."
    )


class InspectionRuns(Refusal):
    """`last`: the last day of the inspection."""

    status = 422
    sentence = N_("The roll is open to inspection until %(last)s. It is frozen on the day after, at the earliest.")


class NothingCorrected(Refusal):
    status = 422
    sentence = N_("This changes nothing: the person is on the roll already, or is not on it.")


class RulesChanged(Refusal):
    sentence = N_("The rules of who may vote were changed since this file was looked at. Hand the file in again.")


class RollFrozen(Refusal):
    sentence = N_(
        "The roll of this vote is frozen, and nobody is added to it. Undo the freeze first; then freeze and rehearse again."
    )


class NotOnTheRoll(Refusal):
    status = 403
    sentence = N_(
        "You are not on the roll of this vote. If you think you should be, call the office named on this page."
    )


class VotedOnPaper(Refusal):
    sentence = N_("A vote on paper was received from you, and it counts. You cannot vote online as well.")


class BallotIsFinal(Refusal):
    sentence = N_("You have voted already, and this vote's rules do not let a ballot be changed. Your ballot counts.")


class BallotOutOfTurn(Refusal):
    sentence = N_(
        "You have voted in another window in the meantime. Look at that receipt; to change your ballot, choose again."
    )


class VotingOver(Refusal):
    sentence = N_("One cannot vote here at present. Nothing was cast.")


class BallotWasTested(Refusal):
    sentence = N_("This ballot was opened as a test, so it cannot be cast any more. Choose again.")


class BallotExpired(Refusal):
    sentence = N_(
        "This ballot was prepared too long ago, or the server was restarted. Nothing was cast. Please choose again."
    )


class CheckFailed(Refusal):
    """`check` is the protocol's name of what failed; the sentence says it to a clerk."""

    status = 422

    def __init__(self, check: str) -> None:
        super().__init__(check=sentence_of(check))
        self.check = check


class CeremonyUnsound(CheckFailed):
    sentence = N_("This is not a complete file of a key ceremony. %(check)s")


class ManifestUnsound(CheckFailed):
    sentence = N_("The vote cannot be frozen as it is. %(check)s")


class NobodyOnTheRoll(Refusal):
    status = 422
    sentence = N_("Nobody in the register may vote by the rules given here.")


class FrozenAlready(Refusal):
    sentence = N_("The vote has opened. Its manifest cannot be changed any more.")


class RehearsalFailed(CheckFailed):
    sentence = N_("The rehearsal did not succeed. %(check)s")


class NotEveryWitness(Refusal):
    sentence = N_("Not every witness has cosigned the close yet.")


class FileRefused(CheckFailed):
    sentence = N_("This file cannot be used. %(check)s")


class NotCounted(Refusal):
    sentence = N_("This vote is not counted: its close says why.")


class NoPaperCounted(Refusal):
    sentence = N_("There are no paper ballots to be counted: nobody voted on paper, or the quorum was not met.")


class PaperReleased(Refusal):
    sentence = N_("The paper count is released and stands in the result. It is not changed any more.")


class MapStillNeeded(Refusal):
    sentence = N_(
        "The list of slots is still needed: the vote is not over, or the last day of objections is not named or not past."
    )


class MapGone(Refusal):
    sentence = N_("The list of slots was destroyed before.")


class BoardMoved(Refusal):
    sentence = N_("Something was posted on the board while it was being closed. Press the button again.")


class CountBegun(Refusal):
    sentence = N_("This vote is counted already.")


class NotOpenYetBecause(Refusal):
    """`problems` lists why a vote is not open."""

    status = 422
    sentence = N_("This vote is not open. Reasons: %(count)s.")

    def __init__(self, problems: Sequence[Message]) -> None:
        super().__init__(count=len(problems))
        self.problems = tuple(problems)


class AlreadyVoid(Refusal):
    sentence = N_("A vote on paper was recorded for this person before.")


refuse("uq_board_entry_board_id_confirmation", BallotWasTested)
refuse("uq_board_entry_board_id_slot_seq", BallotOutOfTurn)
refuse("ck_vote_second_person_releases", SecondPersonNeeded)
refuse("ck_vote_second_person_destroys", SecondPersonNeeded)
