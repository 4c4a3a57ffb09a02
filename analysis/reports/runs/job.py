"""The job behind a run: exactly `python -m analysis topics` as a child process, on a file only this user can read."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from analysis.reports import rules
from analysis.reports.models import Run, RunState
from analysis.reports.runs import folders
from analysis.reports.runs.actions import JOB, SWEEP, settle_abandoned, store_output
from analysis.tabular import write_csv
from civic import clock
from civic.db import db, writing
from civic.features import SourceText, house
from civic.jobs.context import JobContext
from civic.opendata.releasing import policy

COLUMNS = ("id", "text")


def run_topics(job: JobContext) -> None:
    """Write the texts to a private file, run the command, keep its output byte for byte, remove the files."""
    run = db.session.get_one(Run, job.payload["run"])
    if run.state is not RunState.WAITING:  # cancelled before it began
        with writing() as session:
            job.finish(session)
        return
    texts = question_texts(run)
    parameters = dict(run.parameters)
    db.session.rollback()  # nothing stays open while the child computes
    with folders.folder_of(job) as folder:
        source, target = folder / "texts.csv", folder / "topics.json"
        input_digest = write_texts(source, texts)
        problem = compute(job, command(source, target, parameters))
        output = target.read_bytes() if problem is None else b""
    sizes = rules.released_sizes(json.loads(output), policy()) if problem is None else {}
    with writing() as session:
        job.hold(session)
        run = session.get_one(Run, job.payload["run"])
        if problem is None:
            store_output(session, run, input_digest, output, sizes)
        else:
            run.state, run.problem, run.finished_at = RunState.FAILED, problem, clock.now()
        job.finish(session)


def question_texts(run: Run) -> list[SourceText]:
    """The visible texts of the run's question, as the activity's own feature gives them."""
    give = house().of(run.activity).texts
    return [text for text in give(run.activity) if text.visible and text.question == run.question] if give else []


def write_texts(path: Path, texts: Iterable[SourceText]) -> str:
    """Write ref and text of each as CSV (mode 0600); returns the file's SHA-256 in hex."""
    digest = hashlib.sha256()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for part in write_csv(COLUMNS, ((text.ref, text.text) for text in texts)):
            digest.update(part)
            file.write(part)
    return digest.hexdigest()


def command(source: Path, target: Path, parameters: dict[str, object]) -> list[str]:
    """The command line of the run; anybody with the file can repeat it and gets the same bytes."""
    line = [sys.executable, "-m", "analysis", "topics", str(source), "--id", "id", "--text", "text"]
    line += ["--language", str(parameters["language"]), "--seed", str(parameters["seed"])]
    if parameters["topics"]:
        line += ["--topics", str(parameters["topics"])]
    return [*line, "--out", str(target)]


def compute(job: JobContext, line: list[str]) -> str | None:
    """Run the command, passing its progress on; returns None, or the sentence with which it refused."""
    root = Path(__file__).resolve().parents[3]
    sentence = ""
    with subprocess.Popen(line, cwd=root, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as child:
        assert child.stderr is not None
        try:
            for said in child.stderr:
                progress = read_progress(said)
                if progress is None:
                    sentence = said.strip()
                else:
                    job.progress(*progress)
        except BaseException:
            child.kill()
            raise
    return None if child.returncode == 0 else sentence or f"exit {child.returncode}"


def read_progress(line: str) -> tuple[int, int, str] | None:
    """Finished units, all units and the step of one progress line; None for anything else."""
    try:
        found = json.loads(line)
        return int(found["done"]), int(found["total"]), str(found["step"])
    except (ValueError, KeyError, TypeError):
        return None


def sweep_runs(job: JobContext) -> None:
    """Remove the files of runs that were ended before they could, and fail the runs whose job was given up."""
    folders.sweep()
    with writing() as session:
        settle_abandoned(session)
        job.finish(session)


JOBS = {JOB: run_topics, SWEEP: sweep_runs}
PERIODIC = {SWEEP: 600}
