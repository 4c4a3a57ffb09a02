"""Keeping one response: its choices, its typed words apart, and its place in the tallies. Part of a caller's transaction."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from civic.activities.arrivals import Entered
from civic.activities.models import Participation
from civic.activities.states import Channel, ParticipationState
from surveys.answers import Answer, Answers
from surveys.models import FreeText, Response
from surveys.results import tallies


@dataclass(frozen=True)
class Filled:
    """A filled questionnaire as it is stored. Everything after `language` comes from imports only."""

    version: int
    answers: Answers
    language: str = "ja"
    off_path: Collection[str] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    answered_at: datetime | None = None
    row_key: str | None = None
    key_cells: Collection[str] = ()


def store(session: Session, survey_id: int, participation: Participation, filled: Filled) -> Response:
    """Add the response of a participation; the tallies are the caller's to change (see `change_of`)."""
    columns, texts = _columns(survey_id, participation.id, participation.channel, filled)
    response = Response(**columns, texts=[FreeText(**text) for text in texts])
    session.add(response)
    return response


def store_together(
    session: Session, survey_id: int, channel: Channel, entered: Sequence[tuple[Entered, Filled]]
) -> None:
    """Add the responses of many participations of one channel, and to the tallies what counts of them."""
    written = [_columns(survey_id, entry.participation_id, channel, filled) for entry, filled in entered]
    returned = sa.insert(Response).returning(Response.participation_id, Response.id)
    rows = session.execute(returned, [columns for columns, _ in written])
    ids = dict(rows.all())
    texts = [{**text, "response_id": ids[columns["participation_id"]]} for columns, found in written for text in found]
    if texts:
        session.execute(sa.insert(FreeText), texts)
    change: Counter[tallies.Key] = Counter()
    for entry, filled in entered:
        change.update(change_of(entry, filled))
    tallies.add(session, survey_id, change)


def _columns(
    survey_id: int, participation_id: int, channel: Channel, filled: Filled
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The columns of the response, and of each of its texts."""
    choices, texts = split(filled.answers)
    response = {
        "survey_id": survey_id,
        "participation_id": participation_id,
        "version": filled.version,
        "channel": channel,
        "language": filled.language,
        "answers": choices,
        "off_path": sorted(filled.off_path),
        "attributes": dict(filled.attributes),
        "answered_at": filled.answered_at,
        "row_key": filled.row_key,
        "key_cells": list(filled.key_cells),
    }
    columns = ("question", "option", "text", "off_path", "survey_id")
    return response, [
        dict(zip(columns, (question, option, text, question in filled.off_path, survey_id), strict=True))
        for (question, option), text in texts.items()
    ]


def change_of(participation: Participation | Entered, filled: Filled) -> Counter[tallies.Key]:
    """What storing this adds to the tallies: nothing unless the participation counts."""
    counted = participation.state is ParticipationState.COUNTED
    return tallies.counts(filled.answers, filled.off_path) if counted else Counter()


def response_of(session: Session, participation: Participation) -> Response | None:
    """The response of a participation with its texts; None when its retention is over and it was erased."""
    return session.scalar(
        sa.select(Response).options(selectinload(Response.texts)).where(Response.participation_id == participation.id)
    )


def counting(session: Session, participation: Participation, by: int) -> None:
    """A stored participation counts from now on (+1) or no longer (-1): the tallies follow. The feature's hook."""
    response = response_of(session, participation)
    if response is not None:
        change = tallies.counts(whole(response), response.off_path)
        tallies.add(session, response.survey_id, {key: by * count for key, count in change.items()})


def split(answers: Answers) -> tuple[dict[str, Any], dict[tuple[str, str], str]]:
    """Choices, numbers and dates as JSON, and the typed words by (question, option or "")."""
    choices: dict[str, Any] = {}
    texts: dict[tuple[str, str], str] = {}
    for question, answer in answers.items():
        if "text" in answer:
            texts[question, ""] = str(answer["text"])
            continue
        choices[question] = {name: value for name, value in answer.items() if name != "other"}
        texts.update({(question, option): str(text) for option, text in answer.get("other", {}).items()})
    return choices, texts


def whole(response: Response) -> dict[str, Answer]:
    """The answers of a response with the typed words back in their places: the inverse of `split`."""
    answers: dict[str, Any] = {question: dict(answer) for question, answer in response.answers.items()}
    for text in response.texts:
        if text.option:
            answers[text.question].setdefault("other", {})[text.option] = text.text
        else:
            answers[text.question] = {"text": text.text}
    return answers
