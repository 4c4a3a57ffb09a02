"""Whatever happens before publication, in whatever order: what is published answers every opinion once, all reviewed.

A state machine groups, answers, approves, reviews, takes back and writes, and again and again tries to publish. It is
refused while the rows lack anything; once it is not, every counted item lies in exactly one group of the document.
"""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from civic import clock
from civic.activities import actions as activities
from civic.activities import reviews
from civic.activities.models import TextReview
from civic.activities.states import ParticipationState
from civic.db import db
from civic.identity.accounts import Actor
from civic.refusals import Refusal
from consultations.comments import sources
from consultations.comments.answering import actions as answering
from consultations.comments.answering.actions import Answer
from consultations.comments.desk import actions as sorting
from consultations.comments.models import Consultation, Edition, OpinionGroup
from consultations.comments.stages import Outcome, Stage
from tests.cast import Cast
from tests.consultations.desk.places import groups, piles, places, set_state
from tests.factories import consultations as make
from tests.factories.surveys import actor, text
from tests.walks.town import copy

BODIES = ["バスを増やして。", "屋根がほしい。", "予約が不便。"]
ALL = list(range(1, len(BODIES) + 1))
NUMBERS = st.integers(1, len(BODIES))
SOME = st.lists(NUMBERS, min_size=1, unique=True)


class Publication(RuleBasedStateMachine):
    """One consultation from its close to its result. `states` are those of its comments."""

    held: Consultation
    cast: Cast
    kept: Path
    file: Path
    published: int  # over all runs
    refused: int

    @initialize()
    def begin(self) -> None:
        db.session.rollback()
        copy(self.kept, self.file)
        self.states = dict.fromkeys(ALL, ParticipationState.COUNTED)

    @property
    def editor(self) -> Actor:
        return actor(self.cast.editor)

    @rule(numbers=SOME)
    def group(self, numbers: list[int]) -> None:
        self.let(sorting.create_group, self.held.id, "まとまり", piles(self.held, *numbers), self.editor, clock.now())

    @rule(number=NUMBERS)
    def take_out(self, number: int) -> None:
        self.let(sorting.move_items, self.held.id, piles(self.held, number), None, self.editor, clock.now())

    @rule(approved=st.booleans())
    def answer(self, approved: bool) -> None:
        """Answer every group that is open; with `approved` a second person approves."""
        open_ = [(row["id"], number) for number, row in groups(self.held).items() if row["stage"] is not Stage.LOCKED]
        for group_id, _number in open_:
            answer = Answer({}, text("今後の参考にします。"), Outcome.LATER)
            self.let(answering.save_answer, group_id, answer, self.revision(group_id), self.editor, clock.now())
            if approved:
                self.let(answering.hand_in, group_id, self.revision(group_id), self.editor)
                approver = actor(self.cast.approver)
                self.let(answering.approve, group_id, self.revision(group_id), approver, clock.now())

    def revision(self, group_id: int) -> int:
        db.session.rollback()
        return db.session.get_one(OpinionGroup, group_id).revision

    @rule(numbers=SOME)
    def review(self, numbers: list[int]) -> None:
        verdicts = [
            reviews.Verdict(sources.ref_of(self.held.slug, one.id), one.body, ())
            for one in make.comments_of(self.held)
            if one.number in numbers
        ]
        self.let(reviews.review_texts, self.held.id, verdicts, actor(self.cast.moderator))

    @rule()
    def write(self) -> None:
        self.let(make.write_result, self.held, self.cast)

    @rule(number=NUMBERS)
    def take_back(self, number: int) -> None:
        if not self.editions() and sum(one is ParticipationState.COUNTED for one in self.states.values()) > 1:
            set_state(self.held, number, ParticipationState.WITHDRAWN)
            self.states[number] = ParticipationState.WITHDRAWN

    @rule()
    def publish(self) -> None:
        lacks, before = self.lacks(), len(self.editions())
        revision, approver = make.revision_of(self.held.id), actor(self.cast.approver)
        try:
            activities.publish_answer(self.held.id, revision, approver, clock.now())
        except Refusal:
            assert lacks or before
            assert len(self.editions()) == before
            type(self).refused += 1
            return
        assert not lacks
        type(self).published += 1

    def let(self, function: object, *values: object) -> None:
        """Do one act, or have it refused."""
        db.session.rollback()
        try:
            function(*values)  # type: ignore[operator]  # an act of any kind
        except Refusal:
            db.session.rollback()

    def editions(self) -> list[Edition]:
        db.session.rollback()
        return db.session.query(Edition).filter_by(consultation_id=self.held.id).all()

    def counted(self) -> set[int]:
        return {number for number, state in self.states.items() if state is ParticipationState.COUNTED}

    def reviewed(self) -> set[int]:
        refs = set(db.session.scalars(sa.select(TextReview.ref).where(TextReview.activity_id == self.held.id)))
        return {one.number for one in make.comments_of(self.held) if sources.ref_of(self.held.slug, one.id) in refs}

    def lacks(self) -> bool:
        """Whether anything is missing, told from the rows by another way than the check's."""
        items, found = places(self.held), groups(self.held)
        counted, reviewed = self.counted(), self.reviewed()
        own = [place for place in items if place.comment in counted]
        answered = all(place.group is not None and found[place.group]["stage"] is Stage.LOCKED for place in own)
        one = db.session.get_one(Consultation, self.held.id)
        return not (answered and counted <= reviewed and one.decision and one.answer.get("ja"))

    @invariant()
    def what_is_published_is_whole(self) -> None:
        for edition in self.editions():
            content = edition.document
            in_it = [(item["comment"], item["start"]) for group in content["groups"] for item in group["items"]]
            assert len(in_it) == len(set(in_it))
            own = {(place.comment, place.start) for place in places(self.held) if place.comment in self.counted()}
            assert set(in_it) == own
            assert {comment for comment, _start in in_it} <= self.reviewed()
            assert content["numbers"]["items"] == len(in_it)


@pytest.fixture
def machine(app: Flask, cast: Cast, tmp_path: Path) -> type[Publication]:
    held = make.ended_with(cast, BODIES)
    file, kept = tmp_path / "instance" / "machikoe.db", tmp_path / "kept.db"
    assert cast.editor.id != cast.approver.id != cast.moderator.id  # they are there before the copy is made
    db.session.rollback()
    copy(file, kept)
    values = {"held": held, "cast": cast, "kept": kept, "file": file, "published": 0, "refused": 0}
    return type("PublicationOfThree", (Publication,), values)


QUIET = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)


def test_whatever_happened_before_what_is_published_answers_every_opinion_once(machine: type[Publication]) -> None:
    run_state_machine_as_test(machine, settings=QUIET)
    assert machine.published > 0
    assert machine.refused > 5


def test_the_machine_notices_a_publication_that_does_not_look(
    machine: type[Publication], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard broken on purpose: what lacks something is published, and the machine finds the way there."""
    monkeypatch.setattr("consultations.comments.publishing.checking.answer_problems", lambda activity: [])
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=settings(QUIET, max_examples=60, phases=[Phase.generate]))
