"""QR codes for enrolment, as SVG without styles."""

import io

import segno
from flask import current_app

from civic.identity import codes
from civic.web.languages import language


def enrolment(secret: str, login: str) -> str:
    """The code an authenticator app reads to take over `secret`."""
    settings = current_app.extensions["settings"]
    issuer = f"Machikoe {settings.municipality(language())}"
    picture = io.BytesIO()
    made = segno.make(codes.totp_address(secret, login, issuer), micro=False)
    made.save(picture, kind="svg", scale=5, border=4, dark="#000", light="#fff")
    return picture.getvalue().decode()
