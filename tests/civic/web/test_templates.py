"""Every template loads, every macro keeps its promises, and no page needs a style or a script of its own."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask, render_template

from civic.web import languages, samples
from tests.civic.web.conftest import WEB

ICONS = set(re.findall(r'id="i-([\w-]+)"', (WEB / "static/icons.svg").read_text(encoding="utf-8")))
TEMPLATES = sorted(str(path.relative_to(WEB / "templates")) for path in (WEB / "templates").rglob("*.html"))
REFERENCES = ("aria-labelledby", "aria-describedby", "for")


@pytest.fixture(params=list(languages.LANGUAGES))
def page(request: pytest.FixtureRequest, frame: Flask) -> BeautifulSoup:
    """The page of all components in one language."""
    with frame.test_request_context(f"/components?lang={request.param}&sort=count"):
        return BeautifulSoup(render_template("web/components.html", **samples.context()), "html5lib")


def all_tags(page: BeautifulSoup) -> Iterator[Tag]:
    return (tag for tag in page.find_all(True) if isinstance(tag, Tag))


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles(frame: Flask, name: str) -> None:
    assert frame.jinja_env.get_template(name)


def macros(files: Iterable[Path]) -> tuple[set[str], set[str]]:
    """The macros that these templates define, and what they call."""
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    defined = set(re.findall(r"{%-? macro (\w+)\(", source))
    return defined, set(re.findall(r"(\w+)\(", re.sub(r"{%-? macro \w+\(", "", source)))


def test_every_shared_macro_is_on_the_page_of_components_or_serves_another() -> None:
    shared, layouts = WEB.glob("templates/macros/*.html"), WEB.glob("templates/layouts/*.html")
    defined, called = macros([*shared, *layouts, WEB / "templates/web/components.html"])
    for_whole_pages = {"confirm_page", "flashed", "live_count"}
    assert defined - called <= for_whole_pages


def test_every_macro_is_called_somewhere() -> None:
    rooms = ("civic", "surveys", "consultations", "analysis")
    defined, called = macros(file for room in rooms for file in (WEB.parents[1] / room).rglob("*.html"))
    assert len(defined) > 50
    assert defined - called == set()


def test_an_id_stands_once_and_every_reference_has_its_target(page: BeautifulSoup) -> None:
    ids = [tag["id"] for tag in all_tags(page) if tag.has_attr("id")]
    assert len(ids) == len(set(ids))
    wanted = {
        one for tag in all_tags(page) for name in REFERENCES if tag.has_attr(name) for one in str(tag[name]).split()
    }
    wanted |= {str(link["href"])[1:] for link in page.select('a[href^="#"]')}
    assert wanted - set(ids) == set()


def test_every_control_has_a_label(page: BeautifulSoup) -> None:
    for control in page.select("input:not([type=hidden]), textarea, select"):
        labelled = page.select_one(f'label[for="{control["id"]}"]') if control.has_attr("id") else None
        assert labelled or control.find_parent("label"), control


def test_every_icon_exists(page: BeautifulSoup) -> None:
    used = {str(use["href"]).rpartition("#i-")[2] for use in page.select('use[href*="#i-"]')}
    assert used <= ICONS
    assert all(use.find_parent("svg")["aria-hidden"] == "true" for use in page.select('use[href*="#i-"]'))


def test_every_icon_named_in_a_macro_exists() -> None:
    named = {
        name
        for path in (WEB / "templates").rglob("*.html")
        for name in re.findall(r'icon\("([\w-]+)"', path.read_text(encoding="utf-8"))
    }
    assert named <= ICONS


def test_no_furigana_stands_where_markup_may_not(page: BeautifulSoup) -> None:
    values = [value for tag in all_tags(page) for value in tag.attrs.values() if isinstance(value, str)]
    places = [tag.decode_contents() for tag in page.select("title, option, desc, text, textarea")]
    assert [text for text in values + places if "ruby" in text and "?ruby=" not in text and "&ruby=" not in text] == []


def test_no_braces_of_furigana_are_left(page: BeautifulSoup) -> None:
    assert languages.FURIGANA.search(str(page)) is None


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(page: BeautifulSoup) -> None:
    assert page.select("[style], style") == []
    assert [tag for tag in all_tags(page) if any(name.startswith("on") for name in tag.attrs)] == []
    assert [script for script in page.select("script") if script.string] == []
    addresses = [str(tag.get("href") or tag.get("src") or "") for tag in page.select("link, script, img, use, form, a")]
    assert [address for address in addresses if "//" in address] == []


def test_every_table_has_a_caption_and_scoped_heads(page: BeautifulSoup) -> None:
    for table in page.select("table"):
        assert table.caption is not None
        assert all(head.has_attr("scope") for head in table.select("th"))


def test_each_wrong_field_says_the_same_sentence_at_the_field_and_in_the_summary(page: BeautifulSoup) -> None:
    summary = {str(link["href"])[1:]: link.get_text().strip() for link in page.select(".error-list a")}
    assert len(summary) == 4
    for control_id, sentence in summary.items():
        control = page.find(id=control_id)
        assert control["aria-invalid"] == "true"
        described = control if control.has_attr("aria-describedby") else control.find_parent("fieldset")
        errors = [
            page.find(id=one).get_text() for one in str(described["aria-describedby"]).split() if one.endswith("-error")
        ]
        assert errors
        assert errors[0].strip().endswith(sentence)


def test_the_title_says_that_something_is_wrong(render: Callable[..., str]) -> None:
    source = (
        '{% extends "layouts/resident.html" %}{% from "macros/forms.html" import error_summary %}'
        "{% block title %}頁{% endblock %}{% block content %}{{ error_summary(errors=errors) }}{% endblock %}"
    )
    assert "<title>エラー: 頁 | まちこえ みなと野市</title>" in render(source, errors=[("name", "…")])
    assert "<title>頁 | まちこえ みなと野市</title>" in render(source, errors=[])
    assert "<title>頁 | まちこえ みなと野市</title>" in render(source, errors=[])


@pytest.mark.parametrize(
    ("room", "words"), [("staff", "職員画面"), ("council", "議員画面"), ("resident", "みなと野市 公式サービス")]
)
def test_every_room_is_named_in_words(render: Callable[..., str], room: str, words: str) -> None:
    page = render(f'{{% extends "layouts/{room}.html" %}}{{% block title %}}t{{% endblock %}}')
    assert words in page
    assert 'href="#main"' in page
    assert '<main id="main" tabindex="-1"' in page


def test_only_residents_of_plain_japanese_read_its_typography(render: Callable[..., str]) -> None:
    source = '{% extends "layouts/resident.html" %}{% block title %}t{% endblock %}'
    assert "<body data-easy>" in render(source, "ja-easy")
    assert "<body>" in render(source, "ja")
    assert '<html lang="ja">' in render(source, "ja-easy")
    assert '<html lang="en">' in render(source, "en")


def test_a_password_is_never_filled_again(render: Callable[..., str]) -> None:
    source = (
        '{% import "macros/inputs.html" as inputs %}{{ inputs.text("p", "合言葉", value="secret", type="password") }}'
    )
    assert "secret" not in render(source)


def test_nothing_is_chosen_beforehand(render: Callable[..., str]) -> None:
    source = (
        '{% import "macros/inputs.html" as inputs %}'
        '{{ inputs.choices("radio", "q", "問", options) }}{{ inputs.nps("n", "問", "低", "高") }}'
    )
    assert " checked" not in render(source, options=[{"value": "a", "label": "一"}])


def test_an_exclusive_answer_stands_last_after_or(render: Callable[..., str]) -> None:
    options = [{"value": "none", "label": "ない", "exclusive": True}, {"value": "a", "label": "一"}]
    page = render(
        '{% import "macros/inputs.html" as inputs %}{{ inputs.choices("checkbox", "q", "問", options) }}',
        options=options,
    )
    assert page.index('value="a"') < page.index("または") < page.index('value="none"')


def test_a_form_carries_its_hidden_fields(render: Callable[..., str]) -> None:
    page = render('{% from "macros/forms.html" import form %}{% call form(key="k1", keep="x") %}{% endcall %}')
    assert 'name="csrf_token"' in page
    assert 'name="submission_key" value="k1"' in page
    assert 'data-keep="x"' in page


def test_an_empty_table_is_a_sentence(render: Callable[..., str]) -> None:
    page = render('{% import "macros/tables.html" as tables %}{{ tables.table("題", "まだありません。", [], []) }}')
    assert "<table" not in page
    assert "まだありません。" in page


@pytest.mark.parametrize("missing", ["caption", "empty"])
def test_a_table_without_caption_or_empty_sentence_shows_nothing_quietly(frame: Flask, missing: str) -> None:
    source = (WEB / "templates/macros/tables.html").read_text(encoding="utf-8")
    signature = re.search(r"{% macro table\(([^)]*)\)", source)[1]
    assert signature.split(", ")[:2] == ["caption", "empty"]
    assert f"{missing}=" not in signature


def test_the_confirm_page_asks_for_one_act_and_offers_one_way_back(render: Callable[..., str]) -> None:
    source = (
        '{% from "macros/forms.html" import confirm_page %}'
        '{% call confirm_page("締め切りますか", "締め切る", "/staff/x", "戻る", danger=true) %}もう開けません。{% endcall %}'
    )
    page = BeautifulSoup(render(source), "html5lib")
    assert page.h1.get_text() == "締め切りますか"
    assert [button.get_text() for button in page.select("form button")] == ["締め切る"]
    assert page.select_one('form a[href="/staff/x"]').get_text() == "戻る"


def test_the_error_page_shows_the_typed_text_and_offers_to_send_it_again(frame: Flask) -> None:
    typed = "書いた\n<文>"
    again = {"address": "/x", "fields": [("body", typed), ("submission_key", "k1")]}
    with frame.test_request_context("/x?lang=ja", method="POST"):
        html = render_template("web/error.html", title="題", sentence="文", kept=[("body", typed)], resend=again)
    page = BeautifulSoup(html, "html5lib")
    assert page.h1.get_text() == "題"
    assert page.select_one(".typed").get_text() == typed
    assert page.select_one('form[action="/x"] input[name="body"]')["value"] == typed
    assert page.select_one('input[name="submission_key"]')["value"] == "k1"
    assert "エラー" not in page.title.get_text()


def test_static_files_are_small_enough_for_a_first_page() -> None:
    files = [path for path in (WEB / "static").rglob("*") if path.suffix in (".css", ".js", ".svg")]
    assert sum(path.stat().st_size for path in files) < 110_000
    assert (WEB / "static/js/machikoe.js").read_text(encoding="utf-8").count("\n") < 260


@pytest.mark.parametrize(
    ("lang", "switch"), [("ja-easy", "ruby=off"), ("ja-easy&ruby=off", "ruby=on"), ("ja", None), ("en", None)]
)
def test_plain_japanese_pages_offer_furigana_and_only_they(
    render: Callable[..., str], lang: str, switch: str | None
) -> None:
    page = BeautifulSoup(
        render('{% extends "layouts/resident.html" %}{% block title %}t{% endblock %}', lang), "html5lib"
    )
    link = page.select_one(".ruby-switch")
    assert (link is None) if switch is None else link["href"].endswith(switch)
