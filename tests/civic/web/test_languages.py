"""Which language, from which catalogue, and how furigana reaches the page."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask_babel import force_locale, gettext, lazy_gettext
from markupsafe import Markup

from civic.messages import Message
from civic.web import languages
from civic.web.languages import LANGUAGES

TEXT = {"ja": "公園", "ja-easy": "{公園/こうえん}", "en": "Park"}
EASY = "/?lang=ja-easy"


@pytest.mark.parametrize(
    ("address", "headers", "chosen"),
    [
        ("/", {}, "ja"),
        ("/", {"Accept-Language": "en-GB,en;q=0.9,ja;q=0.5"}, "en"),
        ("/", {"Accept-Language": "fr"}, "ja"),
        ("/", {"Cookie": "language=ja-easy", "Accept-Language": "en"}, "ja-easy"),
        ("/?lang=en", {"Cookie": "language=ja-easy"}, "en"),
        ("/?lang=xx", {"Cookie": "language=yy"}, "ja"),
    ],
)
def test_the_address_wins_over_the_cookie_and_the_browser(
    frame: Flask, address: str, headers: dict[str, str], chosen: str
) -> None:
    with frame.test_request_context(address, headers=headers):
        assert languages.language() == chosen


def test_a_wish_is_kept_in_a_cookie_that_scripts_cannot_read(frame: Flask) -> None:
    response = frame.test_client().get("/healthz?lang=ja-easy&ruby=off")
    cookies = response.headers.getlist("Set-Cookie")
    assert any(cookie.startswith("language=ja-easy;") and "HttpOnly" in cookie for cookie in cookies)
    assert any(cookie.startswith("ruby=off;") for cookie in cookies)


def test_under_https_the_cookie_carries_the_host_prefix(frame: Flask) -> None:
    frame.config["SESSION_COOKIE_SECURE"] = True
    (cookie,) = frame.test_client().get("/healthz?lang=en").headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-language=en;")
    assert "Secure" in cookie


def test_an_unknown_wish_sets_no_cookie(frame: Flask) -> None:
    assert frame.test_client().get("/healthz?lang=tlh").headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize(
    ("language", "words"), [("ja", "職員画面"), ("ja-easy", "{職員/しょくいん}の ページ"), ("en", "Staff area")]
)
def test_a_message_has_words_in_each_language(frame: Flask, language: str, words: str) -> None:
    with frame.app_context(), force_locale(LANGUAGES[language]):
        assert gettext("Staff area") == words


def test_plain_japanese_falls_back_to_japanese_and_then_to_english(frame: Flask) -> None:
    staff_only = "Write what should be changed."
    with frame.app_context(), force_locale("ja@easy"):
        assert gettext(staff_only) == "直してほしいところを入力してください。"
        assert gettext("No catalogue has this.") == "No catalogue has this."


def test_every_language_is_another_page(render: Callable[..., str]) -> None:
    assert len({render('{{ _("Skip to the content") }}', language) for language in LANGUAGES}) == 3


def test_furigana_becomes_ruby_and_can_be_switched_off(render: Callable[..., str]) -> None:
    assert render("{{ text|furigana }}", "ja-easy", text=TEXT) == "<ruby>公園<rt>こうえん</rt></ruby>"
    with_off = render("{{ text|furigana }}", "ja-easy&ruby=off", text=TEXT)
    assert with_off == "公園"


def test_hostile_text_stays_text(render: Callable[..., str]) -> None:
    hostile = "{<b>/<i>}<script>"
    shown = "<ruby>&lt;b&gt;<rt>&lt;i&gt;</rt></ruby>&lt;script&gt;"
    assert render("{{ text|furigana }}", "ja-easy", text=hostile) == shown
    assert render("{{ text }}", "ja-easy", text="{漢字/かんじ}") == "{漢字/かんじ}"


def test_a_value_in_a_message_is_escaped_and_gets_no_furigana(render: Callable[..., str]) -> None:
    page = render('{{ _("Choose %(item)s", item=name) }}', "ja-easy", name="<b>{a/b}")
    assert page == "&lt;b&gt;{a/b}を <ruby>選<rt>えら</rt></ruby>ぶ"


def test_plain_takes_everything_and_leaves_no_markup(render: Callable[..., str]) -> None:
    assert render('<p title="{{ _("Next")|plain }}">', "ja-easy") == '<p title="次へ">'
    assert render("{{ text|plain }}", "ja-easy", text=TEXT) == "公園"
    assert render('<p title="{{ text|plain }}">', text='"><b>') == '<p title="&#34;&gt;&lt;b&gt;">'
    assert languages.plain(None) == ""


def test_plain_never_turns_escaped_text_into_markup(render: Callable[..., str]) -> None:
    assert render("{{ (text|furigana)|plain }}", text="<b>") == "&lt;b&gt;"


def test_a_text_nobody_wrote_is_nothing(render: Callable[..., str]) -> None:
    shown = ["{{ text|localised }}", "{{ text|furigana }}", "{{ text|plain }}"]
    assert [render(template, text={}) for template in shown] == ["", "", ""]


def test_a_text_missing_in_a_language_is_japanese_and_says_so(render: Callable[..., str]) -> None:
    only = {"ja": "公園"}
    assert render("{{ text|furigana }}", "en", text=only) == '<span lang="ja">公園</span>'
    assert render("{{ text|localised }}", "en", text=only) == (
        '<span lang="ja">公園</span> <span class="only-ja">This text is only in Japanese.</span>'
    )
    assert "only-ja" not in render("{{ text|localised }}", "ja", text=only)
    assert "ふつうの" in render("{{ text|localised }}", "ja-easy", text=only)


def test_paragraphs_keep_breaks_and_languages(render: Callable[..., str]) -> None:
    assert render("{{ text|paragraphs }}", text="一\n二\n\n<三>") == "<p>一<br>二</p>\n<p>&lt;三&gt;</p>"
    assert render("{{ text|paragraphs }}", "en", text={"ja": "一"}) == '<p lang="ja">一</p>'


def test_what_python_hands_over_is_translated_where_it_is_printed(render: Callable[..., str]) -> None:
    message = Message("Source %(number)s", {"number": Message("Year")})
    assert render("{{ text|furigana }}", "ja", text=message) == "根拠年"
    assert render("{{ text|furigana }}", "ja-easy", text=lazy_gettext("Next")) == "<ruby>次<rt>つぎ</rt></ruby>へ"


def test_finished_markup_passes_unchanged() -> None:
    assert languages.furigana(Markup("<em>{a/b}</em>")) == Markup("<em>{a/b}</em>")


def test_mail_and_other_text_get_no_ruby(frame: Flask) -> None:
    with frame.test_request_context(EASY):
        text = frame.jinja_env.overlay(autoescape=False).from_string('{{ _("Next") }}')
        assert text.render() == "次へ"


def test_a_language_link_keeps_the_page_and_its_filters(frame: Flask) -> None:
    with frame.test_request_context("/surveys/park/results?sort=count&lang=ja"):
        assert languages.with_query(lang="en") == "/surveys/park/results?sort=count&lang=en"


def test_jobs_speak_without_a_request(frame: Flask) -> None:
    with frame.app_context():
        assert languages.select_locale() == "ja"


def test_a_compiled_template_speaks_to_every_reader_in_their_language(frame: Flask) -> None:
    source = "{{ 638|count_people }} {{ none|number }} {{ '{漢字/かんじ}'|furigana }} {{ '{漢字/かんじ}'|plain }}"
    template = frame.jinja_env.from_string(source)
    said = []
    for language in ("ja-easy", "ja", "en"):
        with frame.test_request_context(f"/?lang={language}"):
            said.append(template.render())
    assert said == [
        "638<ruby>人<rt>にん</rt></ruby> <ruby>出<rt>だ</rt></ruby>しません <ruby>漢字<rt>かんじ</rt></ruby> 漢字",
        "638人 秘匿 漢字 漢字",
        "638 people Suppressed 漢字 漢字",
    ]
