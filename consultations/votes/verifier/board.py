"""The whole board: what is looked at, in which order, and what it came to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .ballots import Turn, check_all
from .canonical import Finding, Refused, parse
from .checkpoints import checkpoint_faults
from .entries import Course, follow, shape_faults
from .kept import Answer, KeptFile, look_up
from .manifest import Vote, read_manifest, require_points, require_register, trustee_faults
from .opening import Totals, close_faults, recounted_totals, rehearsal_faults, share_faults, witness_faults
from .shapes import BOARD


@dataclass
class Report:
    """What the verifier found; without findings the board is valid. Empty fields were not reached."""

    findings: list[Finding] = field(default_factory=list)
    complete: bool = False  # was every check made, or did the form of the file forbid it?
    vote: str = ""
    manifest: dict[str, Any] = field(default_factory=dict)
    head: str = ""
    stage: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    totals: Totals = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        return not self.findings


def check_board(data: bytes, kept: Sequence[KeptFile] = (), processes: int = 1) -> Report:
    """Check these bytes as a board, and the kept files against it."""
    report = Report()
    try:
        board = parse(data)
        BOARD(board, "board")
        vote = read_manifest(board["manifest"])
        report.vote, report.manifest = vote.id.hex(), board["manifest"]
        report.findings += shape_faults(vote, board["entries"])
        if report.findings:
            return report
        require_points(board["manifest"])
        require_register(vote, board["slots"])
    except Refused as refused:
        report.findings.append(refused.at())
        return report
    _check_entries(report, vote, board, kept, processes)
    report.findings.sort()
    report.complete = True
    return report


def _check_entries(report: Report, vote: Vote, board: dict[str, Any], kept: Sequence[KeptFile], processes: int) -> None:
    course = follow(vote, board["slots"], board["entries"])
    counted = course.counted if "close" in course.single else set()
    turns = [Turn(n, course.heads[n - 1], one["body"], n in counted) for n, one in enumerate(board["entries"], 1)]
    found, sums = check_all(vote, turns, processes)
    report.findings += [*course.findings, *found, *trustee_faults(vote), *rehearsal_faults(course)]
    report.findings += checkpoint_faults(vote, course.heads, board)
    report.findings += witness_faults(course, board["checkpoints"])
    closing = list(close_faults(course, sums))
    report.findings += closing
    if not closing:
        _open(report, course)
    report.head = course.heads[-1].hex()
    report.stage = _stage(course)
    report.counts = _counts(course, board)
    for file in kept:
        answer, faults = look_up(course, board, file)
        report.answers.append(answer)
        report.findings += faults


def _open(report: Report, course: Course) -> None:
    shares = share_faults(course)
    totals, faults = recounted_totals(course, [j for j, found in shares.items() if not found])
    report.totals = totals
    report.findings += [*(one for found in shares.values() for one in found), *faults]


def _stage(course: Course) -> str:
    """new, open, closed (to be counted), counted, no_quorum or too_few."""
    close = course.single.get("close")
    if not close:
        return "open" if "open" in course.single else "new"
    if close["outcome"] != "count":
        return str(close["outcome"])
    return "counted" if "result" in course.single else "closed"


def _counts(course: Course, board: dict[str, Any]) -> dict[str, int]:
    return {
        "slots": len(board["slots"]),
        "entries": len(board["entries"]),
        "cast": len(course.cast),
        "revotes": course.revotes,
        "audits": len(course.audited),
        "paper": course.paper,
        "struck": course.voids("roll"),
        "counted": len(course.counted),
        "shares": len(course.shares),
        "checkpoints": len(board["checkpoints"]),
    }
