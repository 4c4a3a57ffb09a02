"""Reads the published elections of `tests/consultations/votes/data` (its README says where each is from)."""

import csv
import json
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"


def preference_profile(name):
    """Ballots of a file of "papers ranking" pairs, each digit a candidate."""
    lines = (DATA / name).read_text("utf-8").splitlines()
    pairs = " ".join(line for line in lines if not line.startswith("#")).split(",")
    return [(tuple(ranking), int(papers)) for papers, ranking in (pair.split() for pair in pairs)]


def debian_votes():
    """Of each vote: its options, beat matrix, and published winner."""
    for name, vote in json.loads((DATA / "debian-votes.json").read_text("utf-8")).items():
        options = vote["options"]
        above = {
            one: {other: number for other, number in zip(options, row, strict=True) if other != one}
            for one, row in zip(options, vote["rows"], strict=True)
        }
        yield name, above, vote["winner"]


def projects(name):
    """Costs and votes of the projects, and those that were selected."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    costs = {row["project"]: int(row["cost"]) for row in rows}
    votes = {row["project"]: int(row["votes"]) for row in rows}
    return costs, votes, {row["project"] for row in rows if row["selected"] == "1"}
