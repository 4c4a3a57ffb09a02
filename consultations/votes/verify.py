"""`python -m consultations.votes.verify BOARD.json`: the independent verifier; as one file see `verifier/builder.py`."""

import sys

from consultations.votes.verifier.main import main

if __name__ == "__main__":
    sys.exit(main())
