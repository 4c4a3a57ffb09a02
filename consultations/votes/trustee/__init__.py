"""The trustees' program, `python -m consultations.votes.trustee`: it knows the protocol, and no server."""
