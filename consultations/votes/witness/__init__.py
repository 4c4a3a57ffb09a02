"""The witnesses' program, `python -m consultations.votes.witness`: it knows the protocol, and no server."""
