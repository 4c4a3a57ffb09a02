"""A survey of a questionnaire from a file, as the operator makes it: in a project and in somebody's name."""

from flask_babel import force_locale, gettext

from civic.activities import actions as activities
from civic.activities.desk import project as project_at
from civic.activities.editing import ActivitySettings
from civic.activities.models import Project
from civic.identity.accounts import OPERATOR, Actor
from civic.identity.administration import actions as administration
from civic.identity.administration.queries import departments
from civic.identity.queries import staff_by_login
from civic.messages import N_
from surveys import answering
from surveys.collecting import queries
from surveys.collecting.refusals import UnknownAuthor
from surveys.editing.actions import create_survey
from surveys.questionnaire import Questionnaire

DEPARTMENT = "general"
NAME = N_("General affairs")


def found_survey(questionnaire: Questionnaire, project: str | None = None, author: str | None = None) -> str:
    """Make a draft survey; returns its slug. Raises SlugTaken, UnknownAuthor, NotFound for the project.

    Without `project` the newest one, or a new one of the questionnaire's title; without `author` the operator's account.
    """
    writer = Actor(OPERATOR.label, author_id(author))
    title = dict(questionnaire.title)
    settings = ActivitySettings(title=title, summary={"ja": ""}, minutes=answering.minutes(questionnaire))
    create_survey(
        writer,
        project_id=project_id(questionnaire, project, writer),
        slug=questionnaire.slug,
        settings=settings,
        questionnaire=questionnaire,
    )
    return questionnaire.slug


def author_id(login: str | None) -> int:
    if login is None:
        return administration.operator_account()
    found = staff_by_login(login)
    if found is None:
        raise UnknownAuthor(login=login)
    return found.id


def project_id(questionnaire: Questionnaire, slug: str | None, writer: Actor) -> int:
    found: Project | None = project_at(slug) if slug is not None else queries.newest_project()
    if found is not None:
        return found.id
    known = departments()
    department = known[0].id if known else add_department(writer)
    title = dict(questionnaire.title)
    return activities.create_project(questionnaire.slug, department, title, {"ja": ""}, writer)


def add_department(writer: Actor) -> int:
    """The first department of an empty installation."""
    name = {}
    for locale in ("ja", "en"):
        with force_locale(locale):
            name[locale] = gettext(NAME)
    return administration.add_department(DEPARTMENT, name, actor=writer)
