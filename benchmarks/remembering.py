"""The application, whose ballots draw their randomness from a known seed, so that a search knows what to look for."""

from flask import Flask

import wsgi
from consultations.votes.casting import sealing
from tests.factories.boards import drawn_from

SEED = "memory"


def app() -> Flask:
    """For a server of its own: what is changed stays changed in this process."""
    sealing.random = drawn_from(SEED)
    return wsgi.app
