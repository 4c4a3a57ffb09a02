"""Writing questionnaires. Each function is one transaction and writes its audit record in it."""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic import clock
from civic.activities import editing, gate
from civic.activities.editing import ActivitySettings
from civic.activities.models import Project
from civic.activities.refusals import FrozenByOpening
from civic.audit import chain
from civic.db import writing
from civic.identity.accounts import Actor
from civic.refusals import NotFound, StaleVersion
from surveys import outline
from surveys.editing.refusals import NothingToUndo, NotOnlyWords
from surveys.models import QuestionnaireEdit, QuestionnaireVersion, Survey
from surveys.questionnaire import LANGUAGES, Questionnaire, from_json, to_json

KEPT_EDITS = 50


def create_survey(
    actor: Actor, *, project_id: int, slug: str, settings: ActivitySettings, questionnaire: Questionnaire | None = None
) -> int:
    """A new draft survey, empty or around `questionnaire` (checked before); returns its id. Raises SlugTaken."""
    title = settings.title
    start = questionnaire or Questionnaire(slug, title, LANGUAGES, ())
    with writing() as session:
        return _new_survey(session, actor, project_id, outline.renamed(start, slug, title), settings).id


def copy_survey(actor: Actor, source_id: int, *, slug: str, title: dict[str, str]) -> int:
    """A new draft with an earlier survey's questionnaire and settings, without its dates and answers; returns its id."""
    with writing() as session:
        source = session.get(Survey, source_id)
        if source is None:
            raise NotFound
        settings = replace(
            editing.settings_of(source),
            title=title,
            starts_at=None,
            ends_at=None,
            retention_until=None,
            answer_due=None,
        )
        questionnaire = outline.renamed(from_json(_current(session, source).document), slug, title)
        survey = _new_survey(session, actor, source.project_id, questionnaire, settings)
        chain.record(session, "survey.copied", actor.label, gate.subject(survey), source=source.slug)
        return survey.id


def _new_survey(
    session: Session, actor: Actor, project_id: int, questionnaire: Questionnaire, settings: ActivitySettings
) -> Survey:
    project = session.get(Project, project_id)
    if project is None:
        raise NotFound
    now = clock.now()
    slug = questionnaire.slug
    survey = editing.create(session, Survey, slug, project_id, project.department_id, settings, actor, now)
    session.add(
        QuestionnaireVersion(
            survey_id=survey.id,
            number=1,
            document=to_json(questionnaire),
            created_by_id=survey.author_id,
            created_at=now,
        )
    )
    return survey


def save_questionnaire(survey_id: int, seen_revision: int, questionnaire: Questionnaire, actor: Actor) -> None:
    """Replace a draft's questionnaire; the one before stays for undoing.

    An approval already given, or asked for, falls: what was approved is no longer what would open. Raises
    `StaleVersion` when somebody saved since `seen_revision`, `FrozenByOpening` once the survey has opened.
    """
    with writing() as session:
        survey = _begin(session, survey_id, seen_revision, actor)
        version = _current(session, survey)
        _remember(session, survey, version, actor)
        version.document = to_json(questionnaire)


def undo(survey_id: int, seen_revision: int, actor: Actor) -> None:
    """Take back the last change of a draft's questionnaire. Raises NothingToUndo, StaleVersion, FrozenByOpening."""
    with writing() as session:
        survey = _begin(session, survey_id, seen_revision, actor)
        last = session.scalar(
            sa.select(QuestionnaireEdit)
            .where(QuestionnaireEdit.survey_id == survey_id)
            .order_by(QuestionnaireEdit.id.desc())
            .limit(1)
        )
        if last is None:
            raise NothingToUndo
        _current(session, survey).document = last.before
        session.delete(last)


def correct_words(survey_id: int, seen_version: int, questionnaire: Questionnaire, note: str, actor: Actor) -> int:
    """A new version of an opened survey's questionnaire that differs in words only; returns its number.

    Answers already given stay with the version they were given to. Raises `NotOnlyWords` when a question, option,
    condition or limit differs too.
    """
    with writing() as session:
        survey = _survey(session, survey_id)
        if survey.opened_at is None or survey.closed_at is not None or survey.withdrawn_at is not None:
            raise FrozenByOpening
        if survey.current_version != seen_version:
            raise StaleVersion
        if not outline.same_structure(from_json(_current(session, survey).document), questionnaire):
            raise NotOnlyWords
        number = survey.current_version + 1
        session.add(
            QuestionnaireVersion(
                survey_id=survey.id,
                number=number,
                document=to_json(questionnaire),
                note=note,
                created_by_id=editing.staff_of(actor),
                created_at=clock.now(),
            )
        )
        survey.current_version = number
        chain.record(session, "survey.words_corrected", actor.label, gate.subject(survey), version=number, note=note)
        return number


def confirm_missing_texts(survey_id: int, seen_revision: int, actor: Actor) -> None:
    """The editor confirms that some texts stay in Japanese only. Raises StaleVersion, FrozenByOpening."""
    with writing() as session:
        survey = _survey(session, survey_id)
        editing.check_revision(survey, seen_revision)
        if survey.opened_at is not None:
            raise FrozenByOpening
        survey.missing_texts_confirmed = True
        chain.record(
            session, "survey.missing_texts_confirmed", actor.label, gate.subject(survey), revision=survey.revision
        )


def _begin(session: Session, survey_id: int, seen_revision: int, actor: Actor) -> Survey:
    survey = editing.begin_edit(session, survey_id, seen_revision, actor, clock.now())
    if not isinstance(survey, Survey):
        raise NotFound
    survey.missing_texts_confirmed = False
    return survey


def _survey(session: Session, survey_id: int) -> Survey:
    """The survey with its gate held, so that it cannot open while it is being changed."""
    survey = gate.alone(session, survey_id, clock.now())
    if not isinstance(survey, Survey):
        raise NotFound
    return survey


def _current(session: Session, survey: Survey) -> QuestionnaireVersion:
    return session.scalars(
        sa.select(QuestionnaireVersion).where(
            QuestionnaireVersion.survey_id == survey.id, QuestionnaireVersion.number == survey.current_version
        )
    ).one()


def _remember(session: Session, survey: Survey, version: QuestionnaireVersion, actor: Actor) -> None:
    """Keep the document for undoing, the last fifty of them."""
    session.add(
        QuestionnaireEdit(
            survey_id=survey.id, before=version.document, edited_by_id=editing.staff_of(actor), edited_at=clock.now()
        )
    )
    session.flush()
    oldest_kept = (
        sa.select(QuestionnaireEdit.id)
        .where(QuestionnaireEdit.survey_id == survey.id)
        .order_by(QuestionnaireEdit.id.desc())
        .offset(KEPT_EDITS)
        .limit(1)
        .scalar_subquery()
    )
    session.execute(
        sa.delete(QuestionnaireEdit).where(
            QuestionnaireEdit.survey_id == survey.id, QuestionnaireEdit.id <= oldest_kept
        )
    )
