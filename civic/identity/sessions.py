"""The session cookie: `__Host-` and Secure exactly when the site is https."""

from datetime import timedelta

from flask import Flask

from civic.config import Settings


def attach(app: Flask, settings: Settings) -> None:
    app.config.update(
        SESSION_COOKIE_NAME=cookie_name("session", settings),
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        REMEMBER_COOKIE_DURATION=timedelta(0),
        WTF_CSRF_TIME_LIMIT=None,  # a long questionnaire outlives any fixed limit; the token ends with the session
        WTF_CSRF_SSL_STRICT=True,
    )


def cookie_name(name: str, settings: Settings) -> str:
    """`name`, with the prefix that binds it to this host over https."""
    return f"__Host-{name}" if settings.https else name
