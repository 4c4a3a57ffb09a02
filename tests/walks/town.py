"""A town to walk through: one object of each sort behind every address, made once through the acts of life.

`Town.address(rule)` fills in a rule of the URL map; `snapshot` and `restore` put the database back after a walker
has changed something. No application context stays open: use `with town.app.app_context()`.
"""

import itertools
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from analysis.reports.models import Finding, Report, Run
from analysis.reports.publishing import actions as publishing
from analysis.reports.runs import actions as runs
from analysis.reports.runs.queries import run_view, texts_of
from civic import clock, limits
from civic.activities import actions as activities
from civic.activities import ledger, reviews
from civic.activities.models import Activity, PeriodChange
from civic.activities.queries import activity_by_slug
from civic.activities.states import Channel, State, Subject
from civic.app import create_app
from civic.config import Settings
from civic.db import db, writing
from civic.identity.accounts import OPERATOR
from civic.identity.administration import actions as administration
from civic.identity.registers import actions as registers
from civic.identity.registers.queries import register_by_name
from civic.identity.roles import Role
from civic.intake.models import ImportRun
from civic.jobs.child import perform_due
from civic.jobs.models import Job
from civic.keys import keys
from surveys.models import Survey
from tests.cast import PLANNING, Cast, Person, department, sign_in, staff
from tests.conftest import Visitor
from tests.factories.surveys import (
    ONE_QUESTION,
    PLAYGROUNDS,
    actor,
    close_survey,
    end_now,
    fill,
    for_residents,
    make_survey,
    playground_answers,
)
from wsgi import FEATURES

SIGNED_OUT: Final = ("anonymous", "suspended", "expired_contractor")
SIGNED_IN: Final = (
    "resident", "neighbour", "editor", "parks_editor", "approver", "moderator", "analyst", "council_member", "admin",
)  # fmt: skip
EVERYBODY: Final = (*SIGNED_OUT, *SIGNED_IN)
THEMES: Final = {
    "日かげ": ["夏は日かげがなくて遊べません", "日かげのあるベンチがほしいです", "遊具の上に日かげを作ってください"],
    "トイレ": ["トイレが古くて入りにくいです", "子ども用のトイレがほしいです", "トイレの掃除をふやしてください"],
    "駐輪場": ["駐輪場がせまくて自転車を置けません", "駐輪場に屋根がほしいです", "駐輪場の入口が分かりにくいです"],
}
ENDINGS: Final = ["。", "。よろしくお願いします。", "。家族みんなの願いです。", "。週末はとくに困ります。"]


def sentences() -> list[str]:
    """Thirty-six comments about three matters."""
    return [words + ending for group in THEMES.values() for words in group for ending in ENDINGS]


@dataclass
class Town:
    """The application, its people signed in once, and what stands in place of the parameters of an address."""

    app: Flask
    file: Path
    cast: Cast
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    objects: dict[str, dict[str, str]] = field(default_factory=dict)  # by the beginning of a rule: parameter → value
    kept: Path | None = None

    def client(self, who: str = "anonymous") -> FlaskClient:
        """A browser as `who` left it after signing in."""
        client = self.app.test_client()
        for name, value in self.cookies.get(who, {}).items():
            client.set_cookie(name, value)
        return client

    def address(self, rule: Rule | str) -> str:
        """An address of `rule` behind which there is something."""

        def fill_in(found: re.Match[str]) -> str:
            name = found[1].split(":")[-1]
            starts = [start for start, values in self.objects.items() if str(rule).startswith(start) and name in values]
            assert starts, f"the town has no {name} for {rule}: build one"
            return self.objects[max(starts, key=len)][name]

        return re.sub(r"<([^>]+)>", fill_in, str(rule))

    def put(self, rules: str, **values: object) -> None:
        """Let these values stand for the parameters of every rule that begins with one of `rules`."""
        for start in rules.split():
            self.objects.setdefault(start, {}).update({name: str(value) for name, value in values.items()})

    def snapshot(self, path: Path) -> None:
        """Remember the database as it is now."""
        self.kept = path
        copy(self.file, path)

    def restore(self) -> None:
        """Put the remembered database back."""
        assert self.kept is not None
        copy(self.kept, self.file)

    def forget_tries(self) -> None:
        """Let nobody be kept out for what other walkers tried before, whichever came this way."""
        with self.app.app_context():
            limits.storage().reset()


def copy(source: Path, target: Path) -> None:
    tries = itertools.count()

    def not_for_ever(*_: int) -> None:  # a copy tries again every quarter of a second, with no end of its own
        assert next(tries) < 120, f"{target.name} stays locked"

    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target, timeout=5)) as other:
        other.execute("PRAGMA synchronous=OFF")
        one.backup(other, progress=not_for_ever)


@contextmanager
def built(settings: Settings, plants: Sequence[Callable[[Town], None]] = ()) -> Iterator[Town]:
    """The town, all its people signed in and its objects in place; `plants` add those of further rooms."""
    app = create_app(settings, FEATURES)
    app.test_client_class = Visitor
    with app.app_context():
        town = Town(app, settings.instance / "machikoe.db", Cast(app))
        for build in (plan_surveys, plan_register, plan_reports, plan_few, *plants, plan_accounts, sign_everybody_in):
            build(town)
        put_work_off()
        db.session.rollback()
        db.engine.dispose()
    yield town


def put_work_off() -> None:
    """No runner comes to this town: without a wait that grows, it stays ready however long the walks take."""
    with writing() as session:
        session.execute(sa.update(Job).values(run_at=clock.now() + timedelta(days=1)))


def plan_surveys(town: Town) -> None:
    """One survey of each state, one of them with a conflict and a proposed period."""
    cast = town.cast
    author = actor(cast.editor)
    draft = make_survey(cast, state=State.DRAFT, slug="draft")
    make_survey(cast, state=State.IN_APPROVAL, slug="handed-in")
    make_survey(cast, state=State.SCHEDULED, slug="soon")
    opened = make_survey(cast, slug="open")
    fill(opened, playground_answers(12))
    make_survey(cast, ONE_QUESTION, slug="shade")
    make_survey(cast, ONE_QUESTION, state=State.WITHDRAWN, slug="withdrawn")
    answered = make_survey(cast, ONE_QUESTION, state=State.ANSWERED, slug="answered")
    activities.propose_period_change(
        opened.id, "extend", clock.now() + timedelta(days=20), {"ja": "雨のため。"}, author, clock.now()
    )
    change = db.session.scalars(sa.select(PeriodChange.id).where(PeriodChange.activity_id == opened.id)).one()
    town.put("/", slug=opened.slug, change_id=change, filename="css/base.css")
    town.put("/staff/surveys/ /staff/activities/<slug>/delete", slug=draft.slug, code="age")
    town.put("/staff/activities/<slug>/settings /staff/activities/<slug>/submit", slug=draft.slug)
    town.put("/staff/surveys/<slug>/questionnaire/sections/", code="place")
    town.put("/staff/surveys/<slug>/results /staff/surveys/<slug>/crosstab", slug=opened.slug)
    town.put("/staff/activities/<slug>/approve /staff/activities/<slug>/send-back", slug="handed-in")
    town.put("/staff/activities/<slug>/answer /staff/activities/<slug>/publish", slug=answered.slug)
    town.put("/projects/ /staff/projects/", slug="project-open")
    plan_conflict(town)
    plan_import(town)


def plan_conflict(town: Town) -> None:
    """A resident answered on the web, and a paper form in her name came in as well."""
    survey = make_survey(town.cast, ONE_QUESTION, slug="once", **for_residents(channels=tuple(Channel)))
    subject = f"resident:{town.cast.resident.id}"
    with writing() as session:
        for channel in (Channel.WEB, Channel.PAPER):
            recorded = ledger.take_part(
                session, keys(), survey.id, subject=subject, channel=channel, submission=None, at=clock.now(),
                arrived_on=clock.today(),
            )  # fmt: skip
        town.put("/staff/activities/<slug>/conflicts", slug=survey.slug, receipt=recorded.participation.receipt)


def plan_import(town: Town) -> None:
    """Two answers on paper came in as a table; one of them cannot be stored as it is."""
    survey = make_survey(town.cast, ONE_QUESTION, slug="collected", channels=tuple(Channel))
    file = town.file.with_name("paper.csv")
    file.write_text("enough\nyes\nperhaps\n", encoding="utf-8")
    command = ["surveys", "import-responses", survey.slug, str(file), "--channel", "paper"]
    assert town.app.test_cli_runner().invoke(args=command).exit_code == 0
    db.session.rollback()
    number = db.session.scalars(sa.select(ImportRun.id).where(ImportRun.activity_id == survey.id)).one()
    town.put("/staff/surveys/<slug>/collect", slug=survey.slug, number=number)


def plan_register(town: Town) -> None:
    """A survey for everybody in a register, entered by posted code."""
    file = town.file.with_name("register.csv")
    file.write_text("entry_id,birth_date,district\nA-1,1980-04-01,北区\n", encoding="utf-8")
    registers.import_register("citizens", file, actor=OPERATOR, letters=file.with_name("letters.csv"))
    register = register_by_name("citizens")
    assert register is not None
    make_survey(
        town.cast, ONE_QUESTION, slug="citizens", subject=Subject.REGISTER, identity_level=2, once_per_person=True,
        register_id=register.id,
    )  # fmt: skip
    town.put("/code/", slug="citizens")


def plan_reports(town: Town) -> None:
    """A closed survey with an analysis, a published report on it, one under embargo and one being written."""
    cast = town.cast
    survey = closed_survey(cast, "closed")
    analyst, approver = actor(cast.analyst), actor(cast.approver)
    run_id = runs.request_run(survey.id, question_of(survey), analyst)
    perform_due()
    db.session.rollback()
    confirm_texts(cast, survey)
    published = write_report(cast, survey, "published-report")
    publishing.submit(published, revision(published), analyst)
    publishing.publish(published, revision(published), approver)
    embargoed = write_report(cast, survey, "embargoed-report")
    publishing.submit(embargoed, revision(embargoed), analyst)
    publishing.publish(embargoed, revision(embargoed), approver, clock.now() + timedelta(days=3))
    written = write_report(cast, survey, "report")
    perform_due()
    db.session.rollback()
    run = db.session.get_one(Run, run_id)
    sentence = db.session.scalars(sa.select(Finding.id).where(Finding.report_id == written)).first()
    town.put("/surveys/<slug>/results /opendata/ /api/", slug=survey.slug)
    town.put("/staff/analysis/", slug=survey.slug, question=run.question, number=run.number)
    town.put("/staff/analysis/", topic=run_view(run).topics[0].id)
    town.put("/staff/reports/", slug="report", number=sentence)
    town.put("/reports/ /council/reports/", slug="published-report")


def closed_survey(cast: Cast, slug: str, answers: list[dict[str, object]] | None = None) -> Survey:
    """A survey of thirty-six comments (or of `answers`), closed and released."""
    title = {language: f"{words} ({slug})" for language, words in PLAYGROUNDS["title"].items()}
    survey = make_survey(cast, {**PLAYGROUNDS, "title": title}, slug=slug)
    fill(survey, answers or [{"message": {"text": words}} for words in sentences()])
    end_now(survey)
    close_survey(survey.id, actor(cast.editor))
    perform_due()
    db.session.rollback()
    return survey


def question_of(survey: Activity) -> str:
    return texts_of(activity_by_slug(survey.slug))[0].question


def write_report(cast: Cast, survey: Survey, slug: str) -> int:
    made = publishing.create_report(
        actor(cast.analyst),
        project_id=survey.project_id,
        slug=slug,
        title={
            "ja": "遊び場の報告書",
            "ja-easy": "{遊/あそ}び{場/ば}の {報告書/ほうこくしょ}",
            "en": "Report on playgrounds",
        },
        activity_ids=[survey.id],
    )
    db.session.rollback()
    return made


def plan_few(town: Town) -> None:
    """A survey that seven people answered, closed, released and reported on, as far as a report may go with so few."""
    cast = town.cast
    analyst = actor(cast.analyst)
    answers = [one | {"message": {"text": text}} for one, text in zip(playground_answers(7), sentences(), strict=False)]
    survey = closed_survey(cast, "few", answers)
    runs.request_run(survey.id, question_of(survey), analyst)
    perform_due()
    db.session.rollback()
    confirm_texts(cast, survey)
    report = write_report(cast, survey, "few-report")
    publishing.add_sentence(
        report, revision(report), analyst, sentence={"ja": "日かげを求める声がありました。"},
        sources=[texts_of(activity_by_slug(survey.slug))[0].ref], run_id=None, topic=None,
    )  # fmt: skip
    publishing.submit(report, revision(report), analyst)
    publishing.publish(report, revision(report), actor(cast.approver))
    perform_due()


def confirm_texts(cast: Cast, survey: Activity) -> None:
    """A person has read every comment and found nothing to hide."""
    verdicts = [reviews.Verdict(text.ref, text.text, ()) for text in texts_of(activity_by_slug(survey.slug))]
    reviews.review_texts(survey.id, verdicts, actor(cast.moderator))


def revision(report_id: int) -> int:
    db.session.rollback()
    return db.session.get_one(Report, report_id).revision


def plan_accounts(town: Town) -> None:
    """A member of staff to be administered, and one whose invitation waits."""
    managed = staff("managed", (Role.EDITOR, PLANNING))
    invited = administration.create_staff("invited", [(Role.EDITOR, department())], actor=OPERATOR)
    town.put("/", staff_id=managed.id, token=invited.token)


def sign_everybody_in(town: Town) -> None:
    """Everybody in a browser of her own; then one is suspended and one contract ends, the sessions still in hand."""
    people = {name: getattr(town.cast, name) for name in SIGNED_IN}
    for name, login in (("suspended", "to-be-suspended"), ("expired_contractor", "to-be-ended")):
        people[name] = staff(login, (Role.EDITOR, PLANNING))
    for name in EVERYBODY:
        keep_session(town, name, people.get(name))
    administration.suspend(people["suspended"].id, actor=OPERATOR)
    yesterday = clock.today() - timedelta(days=1)
    administration.change_roles(
        people["expired_contractor"].id, [(Role.EDITOR, department())], yesterday, actor=OPERATOR
    )


def keep_session(town: Town, name: str, person: Person | None) -> None:
    client = town.app.test_client()
    if person is not None:
        sign_in(client, person)
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/receipt").text)
    assert found is not None
    town.tokens[name] = found[1]
    town.cookies[name] = {cookie.key: cookie.value for cookie in client._cookies.values()}
