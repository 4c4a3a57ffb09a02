"""The pages of a questionnaire on its way: a section, the check of all answers. Residents and trials share them."""

from collections.abc import Set
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from civic import clock
from civic.activities import ledger, visitor
from civic.activities.refusals import SubmissionKeyUsed
from civic.identity.contacts import TypedAddress, read_address
from civic.keys import keys
from civic.messages import Message
from civic.notices import receipts
from civic.notices.receipts import Answer
from civic.refusals import Busy, NotFound, Refusal
from civic.web import languages
from surveys.answers import Answers
from surveys.models import Draft
from surveys.responding import actions, queries, showing
from surveys.responding.drafts import Holder
from surveys.responding.forms import SectionForm, damage, version_of
from surveys.responding.queries import Asked
from surveys.responding.refusals import AnswersChanged, QuestionnaireCorrected
from surveys.responding.walk import Walk

CHECK = "check"


@dataclass(frozen=True)
class Answering:
    """One visitor on her way through one questionnaire, at one address."""

    asked: Asked
    holder: Holder
    draft: Draft | None
    endpoint: str

    @property
    def walk(self) -> Walk:
        return self.asked.walk(self.draft.answers if self.draft else {})

    @property
    def slug(self) -> str:
        return self.asked.survey.slug

    @property
    def submission_key(self) -> str:
        return self.draft.submission_key if self.draft else ledger.new_submission_key()

    def address(self, section: int | str, *, back: bool = False) -> str:
        """A page's address; with `back` it leads back to the check of all answers."""
        values = {"section": section, **({"return": CHECK} if back else {})}
        return f"{url_for(self.endpoint, slug=self.slug)}?{urlencode(values)}"

    def go_to(self, section: int | str | None, *, back: bool = False) -> Response:
        return redirect(self.address(section or CHECK, back=back), 303)


def wanted_section(walk: Walk) -> int | str:
    """The page the address asks for; without one, where the person goes on. Raises NotFound."""
    wanted = request.args.get("section")
    if wanted is None:
        return walk.go_on_at() or CHECK
    if wanted == CHECK:
        return CHECK
    if not (wanted.isascii() and wanted.isdigit() and walk.has(int(wanted))):
        raise NotFound
    return int(wanted)


def show(answering: Answering, typed: MultiDict[str, str] | None = None) -> Answer:
    """The page the address asks for; a section that is not asked leads on to the next that is.

    `typed` is what was once sent to it and comes back after the posted code.
    """
    walk = answering.walk
    section = wanted_section(walk)
    if section == CHECK:
        if walk.missing:
            return answering.go_to(walk.section_of(walk.missing[0].code))
        return render_check(answering, address=read_address(typed.get("email", "")) if typed else None)
    if section not in walk.sections:
        return answering.go_to(walk.after(int(section)))
    form = SectionForm.again(walk, int(section), typed) if typed else SectionForm.of(walk, int(section))
    return render_section(answering, form)


def render_section(answering: Answering, form: SectionForm, notice: Message | None = None) -> str:
    walk = form.walk
    previous = walk.before(form.number)
    back = answering.address(CHECK) if returns_to_check() else answering.address(previous) if previous else None
    return render_template(
        "surveys/answer.html",
        answering=answering,
        survey=answering.asked.survey,
        section=form,
        errors=form.errors,
        walk=walk,
        version=answering.asked.version,
        submission_key=form.submission_key
        if ledger.is_submission_key(form.submission_key)
        else answering.submission_key,
        back=back,
        notice=notice,
        arrived=session.pop("arrived", None),
        keep=kept_name(answering, form.number),
    )


def kept_name(answering: Answering, section: int | str) -> str:
    """The name under which the browser keeps what is typed on a page until the server has it."""
    page = f"{'trial' if answering.holder.trial else 'survey'}-{answering.slug}-{section}"
    return visitor.kept_name(page, answering.asked.survey, answering.holder.subject)


def returns_to_check() -> bool:
    return request.args.get("return") == CHECK


def take_section(answering: Answering, number: int) -> Answer:
    """Save a posted page and lead on; show it again with its errors (422) or with what came between (409)."""
    form = SectionForm.posted(answering.walk, number, request.form)
    if answering.draft is None and (repeated := sent_before(answering, form)):
        return repeated
    leaves = "save" in request.form
    if form.blocks(leaves):
        return render_section(answering, form), 422
    before = {question.code for question in answering.walk.questions(number)}
    page = actions.Page(form.version, form.codes, form.answers, form.submission_key)
    try:
        answers = actions.save_page(answering.holder, page, clock.now())
        left = leave(answering) if leaves else None
    except Busy as refusal:
        return render_section(answering, form, refusal.message), refusal.status, refusal.headers
    except QuestionnaireCorrected as refusal:
        corrected = reread(answering)
        return render_section(corrected, SectionForm.of(corrected.walk, number), refusal.message), 409
    except Refusal as refusal:
        return render_refused(answering.asked, refusal, {**answering.walk.answers, **form.answers})
    session["arrived"] = kept_name(answering, number)
    if left is not None:
        return left
    return lead_on(answering, answering.asked.walk(answers), form, before)


def sent_before(answering: Answering, form: SectionForm) -> Answer | None:
    """A page of a form that was already sent: the same receipt for the same answers, else a conflict."""
    try:
        known = queries.sent_answers(answering.holder, form.submission_key)
        if known is None:
            return None
        participation, answers = known
        if any(answers.get(code) != form.answers.get(code) for code in form.codes):
            raise SubmissionKeyUsed
    except SubmissionKeyUsed as refusal:
        return render_refused(answering.asked, refusal, form.answers)
    return arrived(answering, participation.receipt or "")


def lead_on(answering: Answering, walk: Walk, form: SectionForm, before: Set[str]) -> Response:
    """To this page again if its answers brought up more of its questions, else to the next one or back to the check.
    `before`: the codes of the questions the page had; an answer may take some away as it brings others up."""
    back = returns_to_check()
    if form.asks_again:
        more = len({question.code for question in walk.questions(form.number)} - before)
        flash(
            ngettext(
                "Your answer brought up %(num)s more question", "Your answer brought up %(num)s more questions", more
            )
        )
        return answering.go_to(form.number, back=back)
    if not back:
        return answering.go_to(walk.after(form.number))
    return answering.go_to(walk.section_of(walk.missing[0].code), back=True) if walk.missing else answering.go_to(CHECK)


def leave(answering: Answering) -> Response:
    """Give a code to come back with."""
    code = actions.make_resume_code(answering.holder, clock.now())
    session["resume_code"] = {"slug": answering.slug, "code": code}
    return redirect(url_for("surveys.saved", slug=answering.slug), 303)


def reread(answering: Answering) -> Answering:
    """The same visitor after something was saved."""
    asked = queries.survey_with_questionnaire(answering.slug)
    return replace(answering, asked=asked, draft=queries.draft_of(answering.holder))


def render_check(answering: Answering, notice: Message | None = None, address: TypedAddress | None = None) -> str:
    """All answers, each with a way to change it; nothing is sent yet."""
    walk = answering.walk
    address = address or TypedAddress()
    return render_template(
        "surveys/check.html",
        answering=answering,
        survey=answering.asked.survey,
        sections=showing.summary(walk, lambda number: answering.address(number, back=True)),
        errors=[("email", address.problem)] if address.problem else [],
        back=answering.address(walk.last),
        seen=actions.digest(keys(), walk.visible_answers),
        notice=notice,
        address=address,
        version=answering.asked.version,
        submission_key=answering.submission_key,
        arrived=session.pop("arrived", None),
        keep=kept_name(answering, CHECK),
    )


def take_check(answering: Answering) -> Answer:
    """Send the answers; show the check again (422, 409) where something stands against it."""
    address = read_address(request.form.get("email", ""))
    try:
        return leave(answering) if "save" in request.form else send(answering, address)
    except Busy as refusal:
        return render_check(answering, refusal.message, address), refusal.status, refusal.headers


def send(answering: Answering, address: TypedAddress) -> Answer:
    """Send what the check showed, and raise Busy where the database is."""
    if answering.draft is not None and answering.walk.missing:
        return render_section(answering, demanding(answering.walk)), 422
    if address.problem or damage(request.form, ()):
        return render_check(answering, damage(request.form, ()), address), 422
    sending = actions.Sending(
        version_of(request.form),
        request.form.get("seen", ""),
        request.form["submission_key"],
        languages.language(),
        address.text or None,
    )
    try:
        receipt = actions.send(answering.holder, sending, clock.now())
    except Busy:
        raise
    except (QuestionnaireCorrected, AnswersChanged) as refusal:
        return render_check(reread(answering), refusal.message, address), 409
    except Refusal as refusal:
        return render_refused(answering.asked, refusal, answering.walk.visible_answers)
    return arrived(answering, receipt)


def demanding(walk: Walk) -> SectionForm:
    return SectionForm.demanding(walk, walk.section_of(walk.missing[0].code))


def arrived(answering: Answering, receipt: str) -> Response:
    """To the receipt."""
    receipts.keep(answering.asked.survey, receipt)
    session["arrived"] = kept_name(answering, CHECK)
    return redirect(url_for("surveys.done", slug=answering.slug), 303)


def render_refused(asked: Asked, refusal: Refusal, answers: Answers) -> Answer:
    """What was refused and why, with every answer to be read and copied."""
    sections = showing.summary(asked.walk(answers), None) if answers else []
    page = render_template("surveys/refused.html", survey=asked.survey, refusal=refusal, sections=sections)
    return page, refusal.status, refusal.headers


def typed_rows(asked: Asked) -> list[dict[str, Any]]:
    """What a page says that was posted by nobody we know any more: every answer beside its question."""
    section = wanted_section(asked.walk({}))
    if section == CHECK:
        return []
    questions = asked.questionnaire.sections[int(section) - 1].questions
    return showing.as_typed(questions, dict(request.form.lists()))
