"""The Atom feed (RFC 4287): what was opened, ended and answered, for everyone who took part and for everyone else."""

from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from flask import current_app
from flask_babel import gettext

from civic.config import Settings
from civic.features import house
from civic.messages import N_
from civic.notices.links import absolute
from civic.notices.queries import Happening
from civic.web.languages import html_lang, language, localised, plain

ATOM: Final = "http://www.w3.org/2005/Atom"
HEADLINES: Final = {
    "opened": N_("Open for taking part: %(title)s"),
    "ended": N_("No longer open for taking part: %(title)s"),
    "answered": N_("The city has answered: %(title)s"),
}
NEVER: Final = datetime.fromisoformat("2026-01-01T00:00:00+00:00")

register_namespace("", ATOM)


def atom(happenings: list[Happening]) -> bytes:
    """The feed in the page's language, as XML."""
    settings: Settings = current_app.extensions["settings"]
    here = absolute("notices.feed") + f"?lang={language()}"
    name = settings.municipality(language())
    feed = Element(tag("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": html_lang()})
    add(feed, "id", absolute("notices.feed"))
    add(feed, "title", plain(gettext("Taking part in %(municipality)s", municipality=name)))
    add(feed, "updated", (happenings[0].at if happenings else NEVER).isoformat())
    add(SubElement(feed, tag("author")), "name", name)
    SubElement(feed, tag("link"), {"rel": "self", "type": "application/atom+xml", "href": here})
    SubElement(feed, tag("link"), {"rel": "alternate", "type": "text/html", "href": absolute("activities.home")})
    for one in happenings:
        add_entry(feed, one, urlsplit(settings.base_url).hostname or "localhost")
    return tostring(feed, encoding="utf-8", xml_declaration=True)


def add_entry(feed: Element, one: Happening, host: str) -> None:
    """One entry; its id stays the same for ever (RFC 4151), whatever becomes of address or title."""
    activity = one.activity
    entry = SubElement(feed, tag("entry"))
    add(entry, "id", f"tag:{host},2026:{activity.kind}/{activity.slug}/{one.event}")
    add(entry, "title", plain(gettext(HEADLINES[one.event], title=plain(activity.title))))
    add(entry, "updated", one.at.isoformat())
    text = activity.answer if one.event == "answered" and activity.answer else activity.summary
    summary = add(entry, "summary", plain(text))
    summary.set("{http://www.w3.org/XML/1998/namespace}lang", localised(text).lang)
    kind = house().kinds[activity.kind]
    page = kind.answered_endpoint if one.event == "answered" else kind.resident_endpoint
    address = absolute(page, slug=activity.slug)
    SubElement(entry, tag("link"), {"rel": "alternate", "type": "text/html", "href": address})


def add(parent: Element, name: str, text: str) -> Element:
    child = SubElement(parent, tag(name))
    child.text = text
    return child


def tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"
