"""Invented participants of a written survey: who leans where, and who wrote which comment. Pure, the same every time.

`given` says by question how people lean: weights of options (single, scale, nps, and of each row of a matrix), the
share that chooses each option (multiple), `low` and `high` (number), `days` before the answer (date), or texts to
take one from (short_text; with "" for nobody answering).
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from civic import clock
from civic.activities.states import Channel
from surveys.answers import Answer
from surveys.questionnaire import Question, QuestionType
from surveys.responding.walk import Walk
from surveys.seeds.content import Written

LEAVE_ADDRESS = 0.06
"""The share of people who leave an address for the city's answer."""


@dataclass(frozen=True)
class Participant:
    """One filled questionnaire: when and by which way it came in, and the address left for the city's answer, if any."""

    at: datetime
    channel: Channel
    language: str
    address: str | None
    answers: Mapping[str, Answer]


def participants(written: Written, today: date, at: datetime, share: int = 1) -> list[Participant]:
    """Everybody who takes part up to `at`, in the order they come; with `share` only every share-th of them."""
    chance = random.Random(written.slug)  # noqa: S311 - invented people, no secret
    comments = [(theme.given, text) for theme in written.themes for text in theme.comments]
    chance.shuffle(comments)
    silent: list[tuple[Mapping[str, Any], str]] = [({}, "")] * (written.content.get("silent", 0))
    people = [*comments, *silent]
    chance.shuffle(people)
    moments = arrivals(chance, written.starts_at(today), min(at, written.ends_at(today)), len(people))
    found = [
        participant(written, chance, moment, certain, text)
        for moment, (certain, text) in zip(moments, people, strict=True)
    ]
    return found[::share]


def arrivals(chance: random.Random, start: datetime, end: datetime, count: int) -> list[datetime]:
    """Moments between start and end, more of them in the first days, in order."""
    length = end - start
    return sorted(start + length * (chance.random() ** 1.4 * 0.98) for _ in range(count))


def participant(
    written: Written, chance: random.Random, at: datetime, certain: Mapping[str, Any], comment: str
) -> Participant:
    answers: dict[str, Answer] = {}
    for question in written.questionnaire.questions:
        answer = answer_of(question, written, chance, at, certain)
        if answer is not None:
            answers[question.code] = answer
    if comment:
        answers[written.content["comment"]] = {"text": comment}
    channels = [Channel(name) for name in written.content["channels"]]
    weights = written.content.get("channel_weights", [1] * len(channels))
    channel = chance.choices(channels, weights)[0]
    language = chance.choices(["ja", "ja-easy", "en"], [92, 6, 2])[0]
    address = f"neighbour-{chance.randint(1, 999)}@example.jp" if chance.random() < LEAVE_ADDRESS else None
    if channel is not Channel.WEB:
        language, address = "ja", None
    return Participant(at, channel, language, address, Walk(written.questionnaire, answers).visible_answers)


def answer_of(
    question: Question, written: Written, chance: random.Random, at: datetime, certain: Mapping[str, Any]
) -> Answer | None:
    """What one person answers; None for no answer. The dice fall the same way whatever is certain."""
    lean = written.given.get(question.code)
    if lean is None:
        return None
    match question.type:
        case QuestionType.NUMBER:
            return {"number": str(certain.get(question.code, chance.randint(lean["low"], lean["high"])))}
        case QuestionType.DATE:
            day = clock.day_in_japan(at) - timedelta(days=chance.randint(0, lean["days"]))
            return {"date": day.isoformat()}
        case QuestionType.SHORT_TEXT:
            text = chance.choice(lean)
            return {"text": text} if text else None
        case QuestionType.MATRIX:
            rows = {row.code: drawn(chance, lean[row.code]) for row in question.rows}
            return {"rows": rows | certain.get(question.code, {})}
        case QuestionType.MULTIPLE:
            chosen = several(question, chance, lean, certain.get(question.code, []))
        case _:
            chosen = [certain.get(question.code, drawn(chance, lean))]
    other = question.other_option
    if other is not None and other.code in chosen:
        return {"options": chosen, "other": {other.code: chance.choice(written.content["other"][question.code])}}
    return {"options": chosen}


def drawn(chance: random.Random, weights: Mapping[str, float]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


def several(question: Question, chance: random.Random, shares: Mapping[str, float], certain: list[str]) -> list[str]:
    """Options in their order, each chosen by its share and the certain ones by all; nobody chooses nothing."""
    wanted = {code for code, share in shares.items() if chance.random() < share} | set(certain)
    alone = next((option.code for option in question.options if option.exclusive), None)
    if not wanted - {alone}:
        return [alone or max(shares, key=lambda code: shares[code])]
    most = int(Decimal(question.max)) if question.max is not None else len(question.options)
    return [code for code in question.option_codes if code in wanted and code != alone][:most]
