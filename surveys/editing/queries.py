"""What the editor's pages need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic import clock
from civic.activities import rules
from civic.activities.models import Project
from civic.activities.states import State
from civic.db import db
from civic.identity import access
from civic.refusals import NotFound
from surveys import checking, outline
from surveys.models import QuestionnaireEdit, QuestionnaireVersion, Survey
from surveys.questionnaire import Question, Questionnaire, Section, from_json
from surveys.structure import Problem

UNOPENED = (State.DRAFT, State.IN_APPROVAL, State.SCHEDULED)


@dataclass(frozen=True)
class EditorPage:
    """A survey's questionnaire under an author's hands. `problems` are by question code, "" for the whole."""

    survey: Survey
    state: State
    questionnaire: Questionnaire
    problems: Mapping[str, Sequence[Problem]]
    problem_count: int
    last_saved: datetime | None
    question: Question | None = None
    section: Section | None = None
    dependants: Sequence[Question] = ()

    @property
    def editable(self) -> bool:
        """Everything can change; else words only."""
        return self.state in UNOPENED

    def number(self, code: str) -> int:
        """The question's number as people count, from 1."""
        return 1 + next(i for i, one in enumerate(self.questionnaire.questions) if one.code == code)

    def earlier(self, code: str) -> list[Question]:
        """Questions asked before `code`, which its display condition may ask."""
        return list(self.questionnaire.questions)[: self.number(code) - 1]


def survey_for(slug: str, permission: str) -> Survey:
    """The survey, if the signed-in account holds `permission` in its department; NotFound, NotAllowed otherwise."""
    survey = db.session.scalar(sa.select(Survey).options(joinedload(Survey.project)).where(Survey.slug == slug))
    if survey is None:
        raise NotFound
    access.require(permission, survey.department_id)
    return survey


def editor_page(slug: str, permission: str, *, question: str | None = None, section: str | None = None) -> EditorPage:
    """The editor with a question or a section chosen (default: the first question). NotFound for unknown codes."""
    survey = survey_for(slug, permission)
    document = current_document(survey)
    questionnaire = from_json(document)
    problems: dict[str, list[Problem]] = {}
    found = checking.check_document(document).problems
    for problem in found:
        problems.setdefault(problem.question or "", []).append(problem)
    saved = db.session.scalar(
        sa.select(sa.func.max(QuestionnaireEdit.edited_at)).where(QuestionnaireEdit.survey_id == survey.id)
    )
    chosen, place = _chosen(questionnaire, question, section)
    return EditorPage(
        survey=survey,
        state=rules.state_of(survey, clock.now()),
        questionnaire=questionnaire,
        problems=problems,
        problem_count=len(found),
        last_saved=saved,
        question=chosen,
        section=place,
        dependants=outline.dependants(questionnaire, chosen.code) if chosen else (),
    )


def _chosen(
    questionnaire: Questionnaire, question: str | None, section: str | None
) -> tuple[Question | None, Section | None]:
    try:
        if section is not None:
            return None, outline.section(questionnaire, section)
        if question is not None:
            return questionnaire.question(question), None
    except KeyError as error:
        raise NotFound from error
    return (questionnaire.questions[0] if questionnaire.questions else None), None


def current_document(survey: Survey) -> dict[str, object]:
    """The JSON of the questionnaire version in use."""
    return db.session.scalars(
        sa.select(QuestionnaireVersion.document).where(
            QuestionnaireVersion.survey_id == survey.id, QuestionnaireVersion.number == survey.current_version
        )
    ).one()


@dataclass(frozen=True)
class CheckPage:
    """点検: what stands between the draft and its opening, and texts that are in Japanese only."""

    survey: Survey
    state: State
    problems: Sequence[Problem]
    missing: Mapping[str, Sequence[Problem]]
    questionnaire: Questionnaire


def check_page(slug: str) -> CheckPage:
    """The check of a survey's questionnaire."""
    survey = survey_for(slug, "survey.inspect")
    document = current_document(survey)
    questionnaire = from_json(document)
    missing = {
        language: found for language in ("ja-easy", "en") if (found := checking.missing_texts(questionnaire, language))
    }
    state = rules.state_of(survey, clock.now())
    return CheckPage(survey, state, checking.check_document(document).problems, missing, questionnaire)


@dataclass(frozen=True)
class ListedSurvey:
    survey: Survey
    state: State


def surveys() -> list[ListedSurvey]:
    """Surveys of the departments this account works in, newest first."""
    departments = access.departments("survey.inspect")
    statement = sa.select(Survey).options(joinedload(Survey.project), joinedload(Survey.department))
    if departments is not None:
        statement = statement.where(Survey.department_id.in_(departments))
    now = clock.now()
    rows = db.session.scalars(statement.order_by(Survey.created_at.desc(), Survey.id.desc()))
    return [ListedSurvey(row, rules.state_of(row, now)) for row in rows]


def projects() -> list[Project]:
    """Projects in which this account may create a survey."""
    departments = access.departments("survey.create")
    statement = sa.select(Project).order_by(Project.id.desc())
    if departments is not None:
        statement = statement.where(Project.department_id.in_(departments))
    return list(db.session.scalars(statement))


def versions(slug: str) -> tuple[Survey, list[QuestionnaireVersion]]:
    """All versions of a survey's questionnaire, newest first."""
    survey = survey_for(slug, "survey.inspect")
    rows = db.session.scalars(
        sa.select(QuestionnaireVersion)
        .where(QuestionnaireVersion.survey_id == survey.id)
        .order_by(QuestionnaireVersion.number.desc())
    )
    return survey, list(rows)
