"""The report in plain language, and as data."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from .board import Report
from .canonical import Finding
from .words import CHECKS, COUNTS, KINDS, LABELS, STAGES, STATUSES, STEPS, meaning, say

SHOWN = 5  # places named per failed check; all of them stand in the data


def steps(report: Report) -> dict[str, str]:
    """`passed`, `failed`, `later` (the vote has not come so far) or `unreached` by step; kept files only if there are any."""
    failed = {"kept" if finding.file else CHECKS[finding.check][0] for finding in report.findings}
    asked = [step for step in STEPS if step != "kept" or report.answers]
    return {step: "failed" if step in failed else _state(report, step, failed) for step in asked}


def _state(report: Report, step: str, failed: set[str]) -> str:
    """The state of a step that did not fail."""
    if not report.complete or (step == "result" and "close" in failed):
        return "unreached"
    later = {"new": {"ballots", "close", "result"}, "open": {"close", "result"}}.get(report.stage, {"result"})
    return "later" if step in later and report.stage != "counted" else "passed"


def as_data(report: Report, language: str) -> dict[str, Any]:
    return {
        "valid": report.valid,
        "vote": report.vote,
        "title": report.manifest.get("title", {}),
        "stage": report.stage,
        "head": report.head,
        "steps": steps(report),
        "counts": report.counts,
        "totals": [
            {"question": question, "columns": [{"option": option, "total": total} for option, _, total in columns]}
            for question, _, columns in _totals(report, language)
        ],
        "kept": [answer._asdict() for answer in report.answers],
        "failures": [
            {**finding._asdict(), "entry": finding.entry or None, "meaning": meaning(finding.check, language)}
            for finding in report.findings
        ],
    }


def as_text(report: Report, language: str) -> str:
    return "\n".join(_plain(line) for line in _lines(report, language)) + "\n"


def _lines(report: Report, language: str) -> Iterator[str]:
    yield say(LABELS["valid" if report.valid else "invalid"], language)
    yield from _failures(report, language)
    if report.vote:
        yield ""
        yield f"{say(LABELS['title'], language)}: {_worded(report.manifest['title'], language)}"
        yield f"{say(LABELS['vote'], language)}: {report.vote}"
    if report.stage:
        yield f"{say(LABELS['stage'], language)}: {say(STAGES[report.stage], language)}"
        yield f"{say(LABELS['head'], language)}: {report.head}"
    yield from ("", say(LABELS["checked"], language))
    for step, state in steps(report).items():
        yield f"  [{say(LABELS[state], language)}] {say(STEPS[step], language)}"
    if report.counts:
        yield from ("", say(LABELS["counts"], language))
        yield from (f"  {say(words, language)}: {report.counts[key]:,}" for key, words in COUNTS.items())
    yield from _results(report, language)
    yield from _kept(report, language)


def _failures(report: Report, language: str) -> Iterator[str]:
    by_check: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_check.setdefault(finding.check, []).append(finding)
    for check, findings in by_check.items():
        yield f"  {check}: {meaning(check, language)}"
        for finding in findings[:SHOWN]:
            place = f"{say(LABELS['entry'], language)} {finding.entry}" if finding.entry else finding.file
            yield "    - " + " ".join(part for part in (place, finding.detail) if part)
        if len(findings) > SHOWN:
            yield f"    - {say(LABELS['more'], language)} {len(findings) - SHOWN:,}"


def _results(report: Report, language: str) -> Iterator[str]:
    if not report.totals:
        return
    yield from ("", say(LABELS["totals"], language))
    if not report.valid:
        yield f"  {say(LABELS['unsure'], language)}"
    for _, question, columns in _totals(report, language):
        yield f"  {question}"
        yield from (f"    {label}: {'?' if total is None else format(total, ',')}" for _, label, total in columns)


def _kept(report: Report, language: str) -> Iterator[str]:
    if report.answers:
        yield from ("", say(LABELS["kept"], language))
    for answer in report.answers:
        good = STATUSES.get(answer.status)
        said = say(good, language) if good else f"[{answer.status}] {meaning(answer.status, language)}"
        yield f"  {say(KINDS[answer.kind], language)} {answer.name}: {said}"
        yield f"    {answer.detail}"


def _totals(report: Report, language: str) -> Iterator[tuple[str, str, list[tuple[str, str, int | None]]]]:
    """Per question its code, its text, and per column the option's code, its text and the total."""
    for described, totals in zip(report.manifest.get("questions", []), report.totals, strict=False):
        labels = [
            (option["code"], f"{option['code']} {_worded(option['text'], language)}") for option in described["options"]
        ]
        labels += [("blank", say(LABELS["blank"], language))] if described["blank"] else []
        columns = [(code, label, total) for (code, label), total in zip(labels, totals, strict=True)]
        yield described["code"], _worded(described["text"], language), columns


def _worded(words: dict[str, str], language: str) -> str:
    return words.get(language, words["ja"])


def _plain(line: str) -> str:
    """No control characters or changes of direction: a file must not write on the reader's screen."""
    return "".join("\ufffd" if unicodedata.category(letter).startswith("C") else letter for letter in line)
