"""A small application with the frame's templates, filters and static files, and no database."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask_wtf import CSRFProtect

from civic.config import Mode, Settings
from civic.web import formatters, headers, languages, views

WEB = Path(languages.__file__).parent
TEXTS = {"ja": "みなと野市", "ja-easy": "みなと{野/の}{市/し}", "en": "Minatono City"}


def make_app() -> Flask:
    app = Flask("civic", static_folder=None, template_folder=str(WEB / "templates"))
    app.config.update(SECRET_KEY="only for tests", TESTING=True)
    app.extensions["settings"] = Settings(mode=Mode.TEST)
    languages.attach(app, [WEB / "locales"])
    formatters.register(app)
    CSRFProtect(app)
    headers.attach(app, Settings())
    app.register_blueprint(views.pages)
    app.add_url_rule("/feed.atom", "notices.feed")

    @app.context_processor
    def page_values() -> dict[str, object]:
        return {
            "municipality": TEXTS,
            "contact": {"ja": "企画課 電話 000-000-0000", "en": "Planning Division, phone 000-000-0000"},
            "navigation": navigation,
            "signed_in_as": "都市計画課・編集担当",
        }

    return app


def navigation(room: str) -> list[dict[str, object]]:
    entries: dict[str, list[dict[str, object]]] = {
        "resident": [
            {"label": "参加する", "address": "/", "current": True},
            {"label": "受付番号で調べる", "address": "/receipt", "current": False},
        ],
        "staff": [
            {"label": "今日の仕事", "address": "/staff/", "current": True},
            {"label": "決裁", "address": "/staff/approvals", "current": False, "count": 2},
        ],
        "council": [{"label": "報告書", "address": "/council/", "current": True}],
    }
    return entries.get(room, [])


@pytest.fixture
def frame() -> Flask:
    """The frame alone; the whole application is `app`."""
    return make_app()


@pytest.fixture
def render(frame: Flask) -> Callable[..., str]:
    """Render template source in a request: `render("{{ 3|number }}", lang="en")`."""

    def page(source: str, lang: str = "ja", path: str = "/", **context: object) -> str:
        with frame.test_request_context(f"{path}?lang={lang}"):
            template = frame.jinja_env.from_string(source)
            frame.update_template_context(context)
            return template.render(**context)

    return page
