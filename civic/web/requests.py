"""How a request is read before any room sees it."""

import string
from typing import Any, Final
from urllib.parse import quote

import flask
from flask import Flask, abort, request
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


def page_number() -> int:
    """`?page=` of a list, from 1; what is no such number is 1."""
    return min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)
