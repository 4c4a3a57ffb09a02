"""How a request is read before any room sees it."""

import string
from typing import Any, Final
from urllib.parse import quote

import flask
from flask import Flask, abort, request
from werkzeug.datastructures import MultiDict
from werkzeug.routing import IntegerConverter, Map

LARGEST: Final = 2**31 - 1
LAST_PAGE: Final = 1_000_000


class Request(flask.Request):
    """A HEAD is the GET of the same address, its body left out at the very end: no view can take it for a posted form.

    Bytes of the query that are no ASCII are read as if they had come percent-encoded, as the rules demand.
    """

    def __init__(self, environ: dict[str, Any], **options: Any) -> None:
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():
            environ["QUERY_STRING"] = quote(query, safe=string.punctuation, encoding="latin-1")
        super().__init__(environ, **options)
        if self.method == "HEAD":
            self.method = "GET"


class Number(IntegerConverter):
    """A number in an address: ASCII digits, and no more than every database's integers hold."""

    regex = "[0-9]+"

    def __init__(self, map: Map, **options: Any) -> None:
        super().__init__(map, **{"max": LARGEST, **options})


def attach(app: Flask) -> None:
    app.request_class = Request
    app.url_map.converters["int"] = Number
    app.before_request(refuse_nul)


def refuse_nul() -> None:
    """A NUL is in no address that we give, and PostgreSQL holds none in a text."""
    if "\0" in request.path or any("\0" in value for values in request.args.listvalues() for value in values):
        abort(400)


def number_in(values: MultiDict[str, str], name: str) -> int:
    """A number that a request names, within what every database's integers hold; 0 for none."""
    return min(max(0, values.get(name, 0, type=int)), LARGEST)


def page_number(values: MultiDict[str, str] | None = None) -> int:
    """`page` of a list, from 1, in the address or the given values; what is no such number is 1."""
    return min(number_in(request.args if values is None else values, "page") or 1, LAST_PAGE)
