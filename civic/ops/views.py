"""What load balancers and monitoring ask. `/healthz` is in `civic/web/views.py`: it needs nothing but the process."""

import hmac
import ipaddress

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from civic import safety
from civic.config import Settings
from civic.ops import health
from civic.refusals import NotFound

pages = Blueprint("ops", __name__)
TEXT = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}


@pages.get("/readyz")
def readyz() -> ResponseReturnValue:
    """200 when database, migrations and queue are well, looked at anew each time."""
    if unsafe := safety.reasons():
        return "\n".join(unsafe) + "\n", 503, TEXT
    waited = health.longest_wait()
    if waited > health.LONGEST_WAIT:
        return f"the queue waits since {int(waited.total_seconds())} s\n", 503, TEXT
    return "ready\n", TEXT


@pages.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Prometheus text, for this machine or with the token; others are told that there is no such page."""
    if not (from_this_machine() or has_token()):
        raise NotFound
    lines = []
    for name, labels, value in health.samples():
        places = ",".join(f'{label}="{text}"' for label, text in labels.items())
        lines.append(f"{name}{{{places}}} {value:g}" if places else f"{name} {value:g}")
    return "\n".join(lines) + "\n", {**TEXT, "Content-Type": "text/plain; version=0.0.4; charset=utf-8"}


def from_this_machine() -> bool:
    """Whether the request came from loopback itself, not through a proxy on this machine that nobody declared."""
    settings: Settings = current_app.extensions["settings"]
    undeclared = not settings.trusted_proxies and {"X-Forwarded-For", "Forwarded"} & set(request.headers.keys())
    try:
        return not undeclared and ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def has_token() -> bool:
    token = current_app.extensions["settings"].metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())
