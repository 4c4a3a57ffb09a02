"""The only place that wires extensions: `create_app(settings, features)`."""

from collections.abc import Sequence

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from civic import db, keys, limits, safety
from civic.activities import feature as activities
from civic.audit import chain
from civic.audit import feature as audit
from civic.config import Mode, Settings
from civic.features import Feature, House
from civic.files import feature as files
from civic.identity import access, sessions
from civic.identity import feature as identity
from civic.intake import feature as intake
from civic.jobs import feature as jobs
from civic.notices import feature as notices
from civic.opendata import feature as opendata
from civic.ops import feature as ops
from civic.web import errors, formatters, headers, languages, pages, requests
from civic.web import feature as web

KERNEL = (
    web.FEATURE,
    identity.FEATURE,
    activities.FEATURE,
    intake.FEATURE,
    audit.FEATURE,
    files.FEATURE,
    jobs.FEATURE,
    notices.FEATURE,
    opendata.FEATURE,
    ops.FEATURE,
)


def create_app(settings: Settings | None = None, features: Sequence[Feature] = ()) -> Flask:
    """Compose the application from the kernel and `features`. Touches no database and needs no environment.

    Raises `features.Conflict` when two rooms claim one name and `access.Undeclared` when a route has no permit.
    """
    settings = settings or Settings.from_environment()
    rooms = House((*KERNEL, *features))
    app = Flask("civic", static_folder=None, template_folder="web/templates")
    app.config.update(
        TESTING=settings.mode is Mode.TEST, MAX_CONTENT_LENGTH=50 * 1024 * 1024, MAX_FORM_MEMORY_SIZE=2_000_000
    )
    app.extensions.update(settings=settings, house=rooms)
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *[settings.trusted_proxies] * 4)  # type: ignore[method-assign]  # Flask's own way

    safety.attach(app)  # its look at every request comes before all others
    requests.attach(app)
    db.attach(app, settings.database)
    keys.attach(app, settings)
    chain.attach(app, (act for room in rooms.rooms for act in room.acts))
    languages.attach(app, [room.locales for room in rooms.rooms if room.locales])
    formatters.register(app)
    sessions.attach(app, settings)
    limits.attach(app, settings)
    CSRFProtect(app)
    access.attach(app)
    headers.attach(app, settings)
    errors.attach(app)
    pages.attach(app, settings)
    for room in rooms.rooms:
        for blueprint in room.blueprints:
            app.register_blueprint(blueprint)
        for command in room.commands:
            app.cli.add_command(command)
    access.check_declared(app, rooms)
    return app
