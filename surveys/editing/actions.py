"""Writing questionnaires. Each function is one transaction and writes its audit record in it."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic import clock
from civic.activities import gate
from civic.activities.models import Activity, Project
from civic.activities.refusals import LatchAlreadySet
from civic.audit import chain
from civic.db import writing
from civic.identity.accounts import Actor
from civic.refusals import NotFound, StaleVersion
from surveys import outline
from surveys.editing.refusals import NothingToUndo, NotOnlyWords
from surveys.models import QuestionnaireEdit, QuestionnaireVersion, Survey
from surveys.questionnaire import Questionnaire, from_json, to_json

KEPT_EDITS = 50

COPIED = (
    "summary",
    "background",
    "eligibility",
    "purpose",
    "use_of_result",
    "other_ways",
    "contact",
    "minutes",
    "subject",
    "register_id",
    "identity_level",
    "once_per_person",
    "change_allowed",
    "channels",
    "confidentiality",
    "results_show",
)


def create_survey(
    actor: Actor,
    *,
    project_id: int,
    slug: str,
    title: dict[str, str],
    summary: dict[str, str],
    language_set: tuple[str, ...] = ("ja", "ja-easy", "en"),
) -> int:
    """A new draft survey with an empty questionnaire; returns its id. Raises SlugTaken."""
    empty = Questionnaire(slug, title, language_set, ())
    with writing() as session:
        survey = _new_survey(session, actor, project_id, empty, {"title": title, "summary": summary})
        chain.record(session, "activity.created", actor.label, gate.subject(survey))
        return survey.id


def import_survey(actor: Actor, *, project_id: int, questionnaire: Questionnaire, author_id: int) -> int:
    """A new draft survey around a questionnaire from a file (checked before); returns its id. Raises SlugTaken."""
    with writing() as session:
        texts = {"title": dict(questionnaire.title), "summary": dict(questionnaire.title)}
        survey = _new_survey(session, actor, project_id, questionnaire, texts, author_id)
        chain.record(session, "activity.created", actor.label, gate.subject(survey))
        return survey.id


def copy_survey(actor: Actor, source_id: int, *, slug: str, title: dict[str, str]) -> int:
    """A new draft with an earlier survey's questionnaire and settings, without its dates and answers; returns its id."""
    with writing() as session:
        source = session.get(Survey, source_id)
        if source is None:
            raise NotFound
        questionnaire = outline.renamed(from_json(_current(session, source).document), slug, title)
        texts = {name: getattr(source, name) for name in COPIED}
        survey = _new_survey(session, actor, source.project_id, questionnaire, {**texts, "title": title})
        chain.record(session, "survey.copied", actor.label, gate.subject(survey), source=source.slug)
        return survey.id


def _new_survey(
    session: Session,
    actor: Actor,
    project_id: int,
    questionnaire: Questionnaire,
    values: dict[str, object],
    author_id: int | None = None,
) -> Survey:
    project = session.get(Project, project_id)
    if project is None:
        raise NotFound
    author = actor.staff_id or author_id
    survey = Survey(
        slug=questionnaire.slug,
        project_id=project_id,
        department_id=project.department_id,
        author_id=author,
        last_editor_id=author,
        created_at=clock.now(),
        **values,
    )
    session.add(survey)
    session.flush()
    session.add(
        QuestionnaireVersion(
            survey_id=survey.id, number=1, document=to_json(questionnaire), created_by_id=author, created_at=clock.now()
        )
    )
    return survey


def save_questionnaire(survey_id: int, seen_revision: int, questionnaire: Questionnaire, actor: Actor) -> None:
    """Replace a draft's questionnaire; the one before stays for undoing.

    An approval already given, or asked for, falls: what was approved is no longer what would open. Raises
    `StaleVersion` when somebody saved since `seen_revision`, `LatchAlreadySet` once the survey has opened.
    """
    with writing() as session:
        survey = _unopened(session, survey_id)
        if survey.revision != seen_revision:
            raise StaleVersion
        version = _current(session, survey)
        _remember(session, survey, version, actor)
        version.document = to_json(questionnaire)
        _edited(session, survey, actor)


def undo(survey_id: int, actor: Actor) -> None:
    """Take back the last change of a draft's questionnaire. Raises NothingToUndo."""
    with writing() as session:
        survey = _unopened(session, survey_id)
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
        _edited(session, survey, actor)


def correct_words(survey_id: int, seen_version: int, questionnaire: Questionnaire, note: str, actor: Actor) -> int:
    """A new version of an opened survey's questionnaire that differs in words only; returns its number.

    Answers already given stay with the version they were given to. Raises `NotOnlyWords` when a question, option,
    condition or limit differs too.
    """
    with writing() as session:
        gate.hold(session, survey_id)
        survey = _survey(session, survey_id)
        if survey.opened_at is None or survey.closed_at is not None:
            raise LatchAlreadySet
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
                created_by_id=actor.staff_id,
                created_at=clock.now(),
            )
        )
        survey.current_version = number
        chain.record(session, "survey.words_corrected", actor.label, gate.subject(survey), version=number, note=note)
        return number


def confirm_missing_texts(survey_id: int, seen_revision: int, actor: Actor) -> None:
    """The editor confirms that some texts stay in Japanese only."""
    with writing() as session:
        survey = _unopened(session, survey_id)
        if survey.revision != seen_revision:
            raise StaleVersion
        survey.missing_texts_confirmed = True
        chain.record(
            session, "survey.missing_texts_confirmed", actor.label, gate.subject(survey), revision=survey.revision
        )


def _survey(session: Session, survey_id: int) -> Survey:
    found = gate.fresh(session, survey_id)
    if not isinstance(found, Survey):
        raise NotFound
    return found


def _unopened(session: Session, survey_id: int) -> Survey:
    """The survey with its gate held, so that it cannot open while it is being edited."""
    gate.hold(session, survey_id)
    survey = _survey(session, survey_id)
    gate.set_due(session, survey, clock.now())
    if survey.opened_at is not None or survey.withdrawn_at is not None:
        raise LatchAlreadySet
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
            survey_id=survey.id, before=version.document, edited_by_id=actor.staff_id, edited_at=clock.now()
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


def _edited(session: Session, survey: Activity, actor: Actor) -> None:
    survey.revision += 1
    survey.last_editor_id = actor.staff_id or survey.last_editor_id
    survey.submitted_at = survey.approved_at = survey.approved_by_id = None
    if isinstance(survey, Survey):
        survey.missing_texts_confirmed = False
    chain.record(session, "activity.edited", actor.label, gate.subject(survey), revision=survey.revision)
