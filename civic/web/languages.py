"""Three languages, one page: which one, from which catalogues, and how furigana reaches the paper.

Names. In addresses, content and cookies a language is `ja`, `ja-easy` or `en`; for Babel and the catalogues it is the
locale `ja`, `ja@easy` or `en`. The page's `lang` attribute is `ja` for both kinds of Japanese.

Catalogues. Each room has its own `locales` folder. A message is looked up in やさしい日本語, then in 日本語, then the
msgid (an English sentence) stands for itself. The `.po` files are read as they are, once per process and locale:
there is nothing to compile and nothing to forget to compile.

Furigana. Catalogues and staff write `{漢字/かんじ}`. In an HTML template `_("…")` gives finished Markup: escaped, with
`<ruby>` where the reader wants it, else with the kanji alone. Where no markup may stand (attributes, `<title>`,
`<option>`, SVG, CSV, mail) a template writes `_("…")|plain`. What Python hands to a template (lazy messages,
`civic.messages.Message`, texts of staff in several languages) is printed with `|furigana`, `|localised` or `|plain`;
the macros do so themselves. What residents typed is printed as it is and never goes through these filters.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, current_app, has_request_context, request
from flask_babel import Babel, Domain, get_locale, get_translations, gettext
from jinja2 import pass_context, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from markupsafe import Markup, escape

from civic.messages import Message

RESOURCE: Final[dict[str, dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "languages.toml").read_text(encoding="utf-8")
)
LANGUAGES: Final = {language: str(words["locale"]) for language, words in RESOURCE.items()}
BY_LOCALE: Final = {locale: language for language, locale in LANGUAGES.items()}
CHAIN: Final = {"ja": ("ja",), "ja@easy": ("ja@easy", "ja"), "en": ("en",)}
FIRST: Final = "ja"

FURIGANA: Final = re.compile(r"\{([^{}/]+)/([^{}/]+)\}")
RUBY: Final = re.compile(r"<ruby>(.*?)<rt>.*?</rt></ruby>")
TAG: Final = re.compile(r"<[^>]*>")

Text: TypeAlias = "str | Markup | Message | Mapping[str, str] | None"
"""Anything a template may print: a message, finished Markup, or a text of staff by language."""


class Localised(NamedTuple):
    """A text of staff for one reader. `lang` is the HTML language of `text`; `missing` says it is not the reader's."""

    text: str
    lang: str
    missing: bool


class ChainDomain(Domain):
    """Looks a message up in all rooms, in the reader's language and then in the next best."""

    def get_translations(self) -> NullTranslations:
        return chain(tuple(self.translation_directories), str(get_locale() or FIRST))


@cache
def chain(folders: tuple[str, ...], name: str) -> NullTranslations:
    """The catalogues of all rooms in the locale `name`, and behind them those in the next best."""
    found = NullTranslations()
    for locale in reversed(CHAIN[name]):
        for folder in folders:
            catalogue = read_catalogue(Path(folder), locale)
            if catalogue is not None:
                catalogue.add_fallback(found)
                found = catalogue
    return found


def read_catalogue(folder: Path, locale: str) -> Translations | None:
    """The messages of one room in one locale, or None where the room has no such catalogue."""
    path = folder / locale / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return None
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=locale))
    compiled.seek(0)
    return Translations(compiled)


def select_locale() -> str:
    """The reader's locale: `?lang=`, then the cookie, then what the browser asks for; `ja` outside a request."""
    if not has_request_context():
        return LANGUAGES[FIRST]
    for wish in (request.args.get("lang"), request.cookies.get(cookie("language"))):
        if wish in LANGUAGES:
            return LANGUAGES[wish]
    return LANGUAGES[request.accept_languages.best_match(["ja", "en"], default=FIRST)]


def language() -> str:
    """The language of this page: `ja`, `ja-easy` or `en`."""
    return BY_LOCALE[str(get_locale() or FIRST)]


def html_lang() -> str:
    """The `lang` attribute of this page."""
    return str(RESOURCE[language()]["html"])


def ruby_shown() -> bool:
    """Whether furigana is on: `?ruby=on|off`, then the cookie; without a wish, on in やさしい日本語 only."""
    if has_request_context():
        for wish in (request.args.get("ruby"), request.cookies.get(cookie("ruby"))):
            if wish in ("on", "off"):
                return wish == "on"
    return language() == "ja-easy"


def cookie(name: str) -> str:
    """The cookie's full name: `__Host-` where the session's cookie is Secure too, that is under https."""
    return f"__Host-{name}" if current_app.config["SESSION_COOKIE_SECURE"] else name


def localised(text: Mapping[str, str], wish: str | None = None) -> Localised:
    """`text` in the language `wish` (default: the page's); 日本語 where it has no such text. Unwritten ({}) is empty."""
    wish = wish or language()
    found = text.get(wish)
    used = wish if found or not text else FIRST
    return Localised(found or text.get(FIRST, ""), str(RESOURCE[used]["html"]), used != wish)


def translated(text: str | Message) -> str:
    """`text` in the page's language, furigana still in braces. A plain string is returned as it is."""
    if isinstance(text, Message):
        sentence: str = gettext(text.msgid)
        return sentence % {name: value_of(value) for name, value in text.params.items()} if text.params else sentence
    return str(text)


def value_of(value: object) -> object:
    """A place of a message filled by another message or by a text of staff, as words."""
    if isinstance(value, Message):
        return translated(value)
    return localised(value).text if isinstance(value, Mapping) else value


def furigana(text: Text) -> Markup:
    """`text` escaped, with `<ruby>` for `{漢字/かんじ}` where the reader wants it. Markup passes unchanged.

    A text of staff that is missing in the reader's language comes in Japanese and says so by its `lang`.
    """
    if text is None:
        return Markup()
    if isinstance(text, Markup):
        return text
    if isinstance(text, Mapping):
        found = localised(text)
        words = furigana(found.text)
        return Markup('<span lang="{}">{}</span>').format(found.lang, words) if found.missing else words
    written = r"<ruby>\1<rt>\2</rt></ruby>" if ruby_shown() else r"\1"
    return Markup(FURIGANA.sub(written, str(escape(translated(text)))))  # noqa: S704 - escaped in this expression


def with_note(text: Text) -> Markup:
    """Like `furigana`, and where a text of staff is not there in the reader's language, a sentence says so."""
    words = furigana(text)
    if isinstance(text, Mapping) and localised(text).missing:
        note = furigana(gettext("This text is only in Japanese."))
        return words + Markup(' <span class="only-ja">{}</span>').format(note)
    return words


def plain(text: Text) -> str:
    """`text` without any markup, for attributes, titles, options, SVG, CSV and mail. Never marked as safe HTML."""
    if text is None:
        return ""
    if isinstance(text, Markup):
        return unescape(TAG.sub("", RUBY.sub(r"\1", str(text))))
    words = localised(text).text if isinstance(text, Mapping) else translated(text)
    return FURIGANA.sub(r"\1", words)


def paragraphs(text: Text, most: int | None = None) -> Markup:
    """`text` as `<p>` elements: a blank line ends a paragraph, a single line break stays a break.

    `most` shows the first few only, where the whole stands one link away.
    """
    words = plain_source(text)
    lang = Markup(' lang="{}"').format(words.lang) if words.missing else Markup()
    blocks = [block for block in re.split(r"\n\s*\n", words.text.strip()) if block][:most]
    return Markup("\n").join(
        Markup("<p{}>{}</p>").format(lang, Markup("<br>").join(furigana(line) for line in block.splitlines()))
        for block in blocks
    )


def plain_source(text: Text) -> Localised:
    if isinstance(text, Mapping):
        return localised(text)
    return Localised(translated(text or ""), html_lang(), False)


def in_template(words: str, html: bool) -> str:
    """A looked-up message as a template prints it: ruby Markup in HTML, plain text in mail and other text."""
    return furigana(words) if html else plain(words)


@pass_eval_context
def template_gettext(here: EvalContext, message: str) -> str:
    return in_template(get_translations().ugettext(message), bool(here.autoescape))


@pass_eval_context
def template_ngettext(here: EvalContext, singular: str, plural: str, number: int) -> str:
    return in_template(get_translations().ungettext(singular, plural, number), bool(here.autoescape))


def for_this_page(shown: Callable[..., Any]) -> Callable[..., Any]:
    """`shown` as a filter that is asked on every page. Without a context Jinja reckons filters of constants only once,
    when it compiles the template, in the language of whoever came first."""

    @pass_context
    def asked(here: Context, *values: Any) -> Any:
        return shown(*values)

    return asked


def with_query(**changes: str) -> str:
    """This page's root-relative address with some query values changed: a language link keeps the page."""
    values = {**request.args.to_dict(flat=False), **{name: [value] for name, value in changes.items()}}
    return f"{request.path}?{urlencode(values, doseq=True)}"


def remember_wishes(response: Response) -> Response:
    """Keep `?lang=` and `?ruby=` for the next pages, one year."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    for name, argument, known in (("language", "lang", LANGUAGES), ("ruby", "ruby", ("on", "off"))):
        wish = request.args.get(argument, "")
        if wish in known:
            year = 365 * 24 * 3600
            response.set_cookie(cookie(name), wish, max_age=year, secure=secure, httponly=True, samesite="Lax")
    response.headers.add("Vary", "Accept-Language, Cookie")
    return response


def attach(app: Flask, folders: Sequence[Path]) -> None:
    """Join the catalogues of all rooms (`folders`: their `locales`) and give templates their words."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(str(folder.absolute()) for folder in folders)
    babel = Babel()
    babel.domain_instance = ChainDomain()
    babel.init_app(app, default_locale=FIRST, default_timezone="Asia/Tokyo", locale_selector=select_locale)
    install = app.jinja_env.install_gettext_callables  # type: ignore[attr-defined]  # brought by jinja2.ext.i18n
    install(template_gettext, template_ngettext, newstyle=True)
    filters = {"furigana": furigana, "localised": with_note, "plain": plain, "paragraphs": paragraphs}
    app.jinja_env.filters.update({name: for_this_page(shown) for name, shown in filters.items()})
    app.jinja_env.globals.update(
        language=language,
        html_lang=html_lang,
        ruby_shown=ruby_shown,
        with_query=with_query,
        languages=[{"code": code, "name": words["name"], "lang": words["html"]} for code, words in RESOURCE.items()],
    )
    app.after_request(remember_wishes)
