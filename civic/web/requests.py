"""How a request is read before any room sees it."""

from typing import Any

import flask
from flask import Flask


class Request(flask.Request):
    """A HEAD is the GET of the same address, its body left out at the very end: no view can take it for a posted form."""

    def __init__(self, environ: dict[str, Any], **options: Any) -> None:
        super().__init__(environ, **options)
        if self.method == "HEAD":
            self.method = "GET"


def attach(app: Flask) -> None:
    app.request_class = Request
