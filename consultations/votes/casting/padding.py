"""Answers of the booth in whole blocks, so that their length tells nothing of a choice (they are never compressed)."""

from typing import Final

from werkzeug.wrappers import Response

BLOCK: Final = 4096
LEAST: Final = len(b"<!---->")


def pad(response: Response) -> Response:
    """Fill the body up to a multiple of 4 KiB: a page with a comment, anything else with spaces at its end."""
    body = response.get_data()
    missing = -len(body) % BLOCK
    if response.mimetype == "text/html":
        if missing:
            missing += BLOCK if missing < LEAST else 0
            body += b"<!--" + b" " * (missing - LEAST) + b"-->"
    else:
        body += b" " * missing
    response.set_data(body)
    return response
