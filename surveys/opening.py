"""What stands between a survey and its opening, beside what every activity needs."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, object_session

from civic.activities import rules
from civic.activities.models import Activity
from civic.messages import N_, Message
from surveys import checking
from surveys.models import Draft, QuestionnaireEdit, QuestionnaireVersion, Survey
from surveys.questionnaire import Questionnaire, from_json
from surveys.structure import Problem

PROBLEM = N_("Question %(question)s: %(problem)s")
MISSING = {
    "ja-easy": N_(
        "Texts missing in plain Japanese: %(count)s. Write them, or confirm on the check page that they stay."
    ),
    "en": N_("Texts missing in English: %(count)s. Write them, or confirm on the check page that they stay."),
}


def opening_problems(activity: Activity, at: datetime) -> Sequence[Message]:
    """Every problem of the questionnaire, and the texts that stand in Japanese only unless the editor confirmed them."""
    session = object_session(activity)
    assert session is not None
    survey = session.get_one(Survey, activity.id)
    document = session.scalars(
        sa.select(QuestionnaireVersion.document).where(
            QuestionnaireVersion.survey_id == survey.id, QuestionnaireVersion.number == survey.current_version
        )
    ).one()
    checked = checking.check_document(document)
    problems = [with_place(problem) for problem in checked.problems]
    if problems or survey.missing_texts_confirmed:
        return problems
    return missing(activity, from_json(document))


def with_place(problem: Problem) -> Message:
    if problem.question is None:
        return problem.message
    return Message(PROBLEM, {"question": problem.question, "problem": problem.message})


def missing(activity: Activity, questionnaire: Questionnaire) -> list[Message]:
    """One sentence for each language in which texts are missing."""
    of_activity = [language for _field, language in rules.missing_texts(activity)]
    counts = {
        language: of_activity.count(language) + len(checking.missing_texts(questionnaire, language))
        for language in MISSING
    }
    return [Message(MISSING[language], {"count": count}) for language, count in counts.items() if count]


def discard(session: Session, activity: Activity) -> None:
    """Remove a draft's own rows when the draft is deleted: versions, kept edits, trial answers. The feature's hook."""
    for table in (QuestionnaireVersion, QuestionnaireEdit, Draft):
        session.execute(sa.delete(table).where(table.survey_id == activity.id))
