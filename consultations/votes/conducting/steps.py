"""The steps of a vote in their order: what is done, what is next, and on which page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from civic.activities.states import State
from civic.messages import N_
from consultations.votes.conducting.queries import Standing
from consultations.votes.paper.actions import is_counted_by_hand

OPENED: Final = (State.OPEN, State.ENDED, State.CLOSED, State.ANSWERED)
OVER: Final = (State.ENDED, State.CLOSED, State.ANSWERED)


@dataclass(frozen=True)
class Step:
    """One step: its words, its page, and how one sees that it is done."""

    name: str
    title: str
    what: str
    endpoint: str
    is_done: Callable[[Standing], bool]
    is_needed: Callable[[Standing], bool] = lambda standing: True


def _facts(standing: Standing) -> bool:
    vote = standing.vote
    wanted = (vote.ordinance, vote.online_clause, vote.reference_day, vote.arguments_for, vote.arguments_against)
    return all(wanted)


def _settings(standing: Standing) -> bool:
    vote = standing.vote
    texts = (vote.background, vote.eligibility, vote.purpose, vote.use_of_result, vote.contact)
    return all(texts) and bool(vote.starts_at and vote.ends_at and vote.retention_until and vote.answer_due)


def _counted(standing: Standing) -> bool:
    return standing.closing is not None and (not standing.counts or bool(standing.closing.totals))


def _shares(standing: Standing) -> bool:
    closing = standing.closing
    return closing is not None and len(closing.share_bodies) >= closing.manifest.threshold


STEPS: Final[Sequence[Step]] = (
    Step(
        "facts",
        N_("Rules and arguments"),
        N_("The ordinance and its clauses, who may vote, the quorum, both sides in equal space."),
        "votes_conducting.facts",
        _facts,
    ),
    Step(
        "questions",
        N_("Ballot paper"),
        N_("The question and its options, in three languages."),
        "votes_conducting.questions",
        lambda standing: bool(standing.vote.questions),
    ),
    Step(
        "settings",
        N_("Texts and period"),
        N_("What residents are told, the days, whom to ask."),
        "desk.settings",
        _settings,
    ),
    Step(
        "trustees",
        N_("Trustees' keys"),
        N_("The trustees make their keys off this server and hand in one file, ceremony.json."),
        "votes_readying.trustees",
        lambda standing: standing.vote.ceremony is not None,
    ),
    Step(
        "roll",
        N_("Roll"),
        N_("Choose the register and look at how many may vote."),
        "votes_readying.roll",
        lambda standing: standing.vote.register_id is not None,
    ),
    Step(
        "freeze",
        N_("Freeze"),
        N_("Question, roll, keys and period are fixed in a manifest that everybody can keep."),
        "votes_readying.freezing",
        lambda standing: standing.is_current,
    ),
    Step(
        "rehearsal",
        N_("Rehearsal"),
        N_("The trustees open a box of made-up ballots. Without it the vote cannot open."),
        "votes_readying.freezing",
        lambda standing: standing.rehearsed,
    ),
    Step(
        "approval",
        N_("Approval"),
        N_("A second person looks at everything and approves it."),
        "desk.overview",
        lambda standing: standing.vote.approved_at is not None,
    ),
    Step(
        "open",
        N_("Voting"),
        N_("It opens and ends by itself. Heads of the board are signed every ten minutes, votes on paper entered."),
        "votes_running.paper",
        lambda standing: standing.state in OVER,
    ),
    Step(
        "close",
        N_("Close"),
        N_("After the last vote on paper: the ballots are added up, still sealed."),
        "votes_running.close",
        lambda standing: standing.closing is not None,
    ),
    Step(
        "cosign",
        N_("Witnesses cosign the close"),
        N_("Each witness hands in the close with a signature. Before that no trustee's program decrypts."),
        "votes_running.heads",
        lambda standing: standing.closing is not None and not standing.missing_witnesses,
        lambda standing: bool(standing.vote.witnesses),
    ),
    Step(
        "shares",
        N_("Trustees' shares"),
        N_("As many trustees as needed decrypt the sum with their keys and hand in a file each."),
        "votes_running.shares",
        _shares,
        lambda standing: standing.closing is None or standing.counts,
    ),
    Step(
        "count",
        N_("Count"),
        N_("The shares open the sum. The totals are posted on the board."),
        "votes_running.shares",
        _counted,
        lambda standing: standing.closing is None or standing.counts,
    ),
    Step(
        "paper",
        N_("Paper count"),
        N_("The paper ballots, counted by hand. A second person releases the figures."),
        "votes_paper.count",
        lambda standing: standing.vote.paper_released_at is not None,
        lambda standing: is_counted_by_hand(standing.closing),
    ),
    Step(
        "answer",
        N_("Publish the city's answer"),
        N_("The result with the city's answer, published by a second person."),
        "desk.overview",
        lambda standing: standing.vote.answered_at is not None,
    ),
    Step(
        "slots",
        N_("Destroy the list of slots"),
        N_("After the last day of objections nobody needs to know any more which entry was whose."),
        "votes_slots.slots",
        lambda standing: standing.vote.map_destroyed_at is not None,
    ),
)


@dataclass(frozen=True)
class Taken:
    """A step of one vote. The first that is not done is the next."""

    step: Step
    done: bool
    next: bool


def steps_of(standing: Standing) -> list[Taken]:
    """The steps of this vote; after a withdrawal none is next."""
    taken: list[Taken] = []
    waits = standing.state is not State.WITHDRAWN
    for step in STEPS:
        if step.is_needed(standing):
            done = step.is_done(standing)
            taken.append(Taken(step, done, waits and not done))
            waits = waits and done
    return taken
