"""Every form of the product refuses kindly: 422, the field marked and described, the summary, nothing typed is lost.

`sheets.py` says by hand what is wrong for each field. Besides, every field in which one can type gets characters that
cannot be shown, too many of them, and two values at once.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from bs4 import BeautifulSoup, Tag

from tests.cast import Cast
from tests.factories.surveys import make_survey
from tests.pages import Form, Page
from tests.surveys.test_answering_forms import EVERYTHING
from tests.walks.sheets import EXCUSED, SHEETS, Sheet
from tests.walks.test_permissions import routes
from tests.walks.town import Town

SECRETS: Final = {"password", "new_password", "code", "typed"}
JAPANESE: Final = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")
UNTYPED: Final = {"a control character": "あ\x00い", "a turned direction": "あ\u202eい", "two values": ["1", "2"]}
TYPED: Final = "input:not([type]), input[type=text], input[type=email], textarea"


@pytest.fixture(scope="module")
def streets(town: Town) -> Iterator[Town]:
    """The town with a survey of every kind of question."""
    before = town.kept
    with town.app.app_context():
        make_survey(Cast(town.app, dict(town.cast.people)), EVERYTHING)
    town.snapshot(town.file.with_name("streets.db"))
    yield town
    town.kept = before
    town.restore()


class Visit:
    """A page with a form, opened by its person after the steps before it."""

    def __init__(self, town: Town, sheet: Sheet) -> None:
        town.restore()
        self.town, self.sheet = town, sheet
        self.client = town.client(sheet.who)
        for address, button, values in sheet.before:
            self.open(address).form(button).send(**values)
        self.form = self.open(sheet.address(town)).form(sheet.button)

    def open(self, address: str) -> Page:
        answer = self.client.get(address, follow_redirects=True)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return Page(self.client, answer, answer.request.full_path.rstrip("?"))

    def right(self) -> dict[str, Any]:
        """What a careful person sends: a list per field."""
        sent: dict[str, Any] = self.form.values()
        for name, value in self.sheet.right.items():
            sent[name] = value if isinstance(value, list | tuple) else [value]
        if "activities" in self.sheet.right:
            box = self.form.tag.select_one("input[name=activities]")
            assert box is not None
            sent["activities"] = [str(box["value"])]
        return sent

    def send(self, name: str, value: Any) -> Page:
        """Send what is right but for one field; None leaves it out."""
        sent = {**self.right(), name: value if isinstance(value, list | tuple) else [value]}
        if value is None:
            del sent[name]
        data = {field: renewed(values) for field, values in sent.items()}
        action = str(self.form.tag.get("action") or self.form.page.address)
        return Page(self.client, self.client.post(action, data=data), action)


def renewed(value: Any) -> Any:
    """A file can be sent once only: a fresh one with the same content."""
    if not isinstance(value, tuple):
        return value
    stream, name = value
    return type(stream)(stream.getvalue()), name


def faults(visit: Visit, name: str, value: Any) -> Iterator[str]:
    """What is not as it should be when `value` is sent in the field `name`."""
    refused = visit.send(name, value)
    if refused.status != 422:
        yield f"answered {refused.status}"
        return
    title = refused.html.title
    if title is None or not title.get_text().strip().startswith("エラー"):
        yield f"title {title}"
    form = form_like(refused, visit.form)
    if form is None:
        yield "the form is gone"
        return
    yield from faults_of_marks(refused, form, name)
    yield from faults_of_kept(visit, form, name)


def faults_of_marks(refused: Page, form: Form, name: str) -> Iterator[str]:
    """The control is marked, a sentence describes it, and the summary says the same and leads to it."""
    group = name.rpartition(".")[0] if name.endswith((".year", ".month", ".day")) else name
    controls = [
        one for one in form.tag.select("[name]") if one["name"] == name or str(one["name"]).startswith(f"{group}.")
    ]
    marked = [one for one in controls if one.get("aria-invalid") == "true"]
    if not marked:
        yield "not marked"
        return
    sentences = {sentence for one in marked for sentence in descriptions(refused.html, one)}
    if not any(JAPANESE.search(sentence) for sentence in sentences):
        yield f"not described: {sentences}"
    links = {link["href"]: words(link) for link in refused.html.select("div.error-summary[data-error-summary] a")}
    said = [text for text in links.values() if text in sentences]
    if not said:
        yield f"summary {links} says nothing of {sentences}"
    for target in links:
        if refused.html.find(id=str(target).removeprefix("#")) is None:
            yield f"summary leads nowhere: {target}"


def descriptions(html: BeautifulSoup, control: Tag) -> Iterator[str]:
    """The error sentences that a screen reader says with a control or with its group."""
    for element in (control, *control.find_parents("fieldset")):
        for number in str(element.get("aria-describedby", "")).split():
            if number.endswith("-error"):
                said = html.find(id=number)
                assert isinstance(said, Tag), f"{number} is nowhere"
                yield words(said).removeprefix("エラー：").removeprefix("エラー:").strip()


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def faults_of_kept(visit: Visit, form: Form, wrong: str) -> Iterator[str]:
    """Every other typed value stands in the page; no secret does."""
    now = form.values()
    for name, value in visit.right().items():
        if name in {wrong, "csrf_token", "submission_key"} or isinstance(value, tuple):
            continue
        if name in SECRETS:
            if name.endswith("password") and any(now.get(name, [])):
                yield f"{name} was sent back"
        elif now.get(name, []) != [str(one) for one in value]:
            yield f"{name} was {value}, is now {now.get(name)}"


def form_like(page: Page, form: Form) -> Form | None:
    """The same form in the answer, found by its action and its button."""
    for button in page.html.select("form button"):
        tag = button.find_parent("form")
        same = (button.get("name"), button.get("value")) == (form.button.get("name"), form.button.get("value"))
        if (
            isinstance(tag, Tag)
            and same
            and words(button) == words(form.button)
            and tag.get("action") == form.tag.get("action")
        ):
            return Form(page, tag, button)
    return None


def story(value: Any) -> str:
    return str(value) if len(str(value)) < 40 else f"{len(str(value))} characters"


@pytest.mark.parametrize("name", SHEETS)
def test_a_wrong_value_is_refused_beside_its_field_and_the_rest_stays(streets: Town, name: str) -> None:
    visit = Visit(streets, SHEETS[name])
    found = []
    for field, value in SHEETS[name].wrong:
        found += [f"{field} = {story(value)}: {fault}" for fault in faults(visit, field, value)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", SHEETS)
def test_what_nobody_types_is_refused_in_every_field_of_text(streets: Town, name: str) -> None:
    visit = Visit(streets, SHEETS[name])
    found = []
    for field in typed_fields(visit):
        for kind, value in UNTYPED.items():
            found += [f"{field}, {kind}: {fault}" for fault in faults(visit, field, value)]
    assert not found, "\n".join(found)


def typed_fields(visit: Visit) -> list[str]:
    """The fields of the form in which one types, passwords excepted: they may hold anything."""
    return [str(control["name"]) for control in visit.form.tag.select(TYPED) if control.get("name")]


@pytest.mark.parametrize("name", SHEETS)
def test_a_field_left_out_or_put_in_breaks_nothing(streets: Town, name: str) -> None:
    """What a browser always sends may be missing, and what it never sends may come: the answer is a page."""
    visit = Visit(streets, SHEETS[name])
    for field, value in [*((field, None) for field in visit.right()), ("stranger", "1")]:
        status = visit.send(field, value).status
        assert status in {303, 400, 409, 422} | ({200} if SHEETS[name].looks else set()), field
        if status == 303:
            visit = Visit(streets, SHEETS[name])


def test_every_address_that_takes_a_form_has_a_sheet_or_a_reason(town: Town) -> None:
    posted = {route.name.split()[1] for route in routes(town) if route.method == "POST"}
    assert posted - {sheet.rule for sheet in SHEETS.values()} == EXCUSED.keys()
    assert {sheet.rule for sheet in SHEETS.values()} <= posted


@pytest.mark.parametrize("mark", [' aria-invalid="true"', "data-error-summary", "<title>エラー"])
def test_the_walk_notices_a_page_that_says_less(streets: Town, mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    send = Visit.send

    def say_less(visit: Visit, name: str, value: Any) -> Page:
        page = send(visit, name, value)
        page.html = BeautifulSoup(
            page.response.text.replace(mark, "<title>" if mark.startswith("<") else ""), "html5lib"
        )
        return page

    visit = Visit(streets, SHEETS["sign up"])
    assert list(faults(visit, "email", "wrong")) == []
    monkeypatch.setattr(Visit, "send", say_less)
    assert list(faults(visit, "email", "wrong")) != []
