"""今日の仕事: votes that wait for a rehearsal, for witnesses, for trustees' shares or for the count."""

from collections.abc import Iterator, Sequence
from datetime import date

from flask import url_for

from civic import clock
from civic.activities.states import State
from civic.features import Task
from civic.identity import access
from civic.identity.accounts import Account
from civic.messages import N_, Message
from consultations.votes.conducting import queries
from consultations.votes.conducting.queries import Standing


def tasks(account: Account) -> Sequence[Task]:
    """What waits for the editors of a vote's department, beside approval, close and answer, which every kind has."""
    listed = queries.unfinished(access.departments("vote.conduct"))
    return [task for standing in listed for task in _of(standing)]


def _of(standing: Standing) -> Iterator[Task]:
    vote, closing = standing.vote, standing.closing
    if standing.state in queries.UNOPENED:
        starts = vote.starts_at and clock.day_in_japan(vote.starts_at)
        if standing.is_current and not standing.rehearsed:
            yield _task(N_("Rehearse: %(title)s"), standing, "votes_readying.freezing", N_("Hand in the files"), starts)
        return
    if standing.state is not State.CLOSED or closing is None or not standing.counts or closing.totals:
        return
    if standing.missing_witnesses and not closing.share_bodies:
        yield _task(
            N_("Witnesses have to cosign the close: %(title)s"), standing, "votes_running.heads", N_("Hand it in")
        )
    elif closing.may_be_counted:
        yield _task(N_("Open the ballot box: %(title)s"), standing, "votes_running.count", N_("Look and open it"))
    else:
        yield _task(N_("Trustees' shares are awaited: %(title)s"), standing, "votes_running.shares", N_("Hand them in"))


def _task(sentence: str, standing: Standing, endpoint: str, button: str, due: date | None = None) -> Task:
    vote = standing.vote
    return Task(
        title=Message(sentence, {"title": vote.title}),
        detail=vote.department.name["ja"],
        address=url_for(endpoint, slug=vote.slug),
        button=Message(button),
        due=due or vote.answer_due,
        department_id=vote.department_id,
    )
