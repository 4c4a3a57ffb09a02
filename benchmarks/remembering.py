"""`app`, whose ballots draw their randomness from a known seed, so that a search knows what to look for."""

from consultations.votes.casting import sealing
from tests.factories.boards import drawn_from
from wsgi import app

SEED = "memory"
sealing.random = drawn_from(SEED)

__all__ = ["app"]
