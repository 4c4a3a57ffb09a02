"""`flask --app wsgi jobs …`: the process beside the web server that does what takes long."""

import logging
import signal
from datetime import timedelta

import click
from flask.cli import AppGroup, ScriptInfo

from civic import safety
from civic.jobs import child as attempt
from civic.jobs.leases import LEASE
from civic.jobs.runner import Runner
from civic.ops.output import refuse

jobs = AppGroup("jobs", help="Run background work.")


@jobs.command()
@click.option("--once", is_flag=True, help="Do what is due and exit.")
@click.option("--places", default=2, show_default=True, help="Jobs at once, each in a process of its own.")
@click.option("--lease", default=LEASE.total_seconds(), hidden=True, help="Seconds a silent runner keeps its jobs.")
@click.option("--lifeline", is_flag=True, hidden=True, help="End when standard input closes.")
@click.pass_context
def run(context: click.Context, once: bool, places: int, lease: float, lifeline: bool) -> None:
    """Run jobs until SIGTERM. Example: flask --app wsgi jobs run"""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    if lifeline:
        attempt.end_with_parent()
    if unsafe := safety.reasons():
        refuse("The runner does not start:", [{"detail": reason} for reason in unsafe])
    runner = Runner(application_of(context), places, timedelta(seconds=lease))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, runner.stop)
    runner.run(once)


def application_of(context: click.Context) -> str:
    """What this process was told with `flask --app`, so that its children serve the same application."""
    info = context.ensure_object(ScriptInfo)
    return info.app_import_path or "wsgi"


@jobs.command(hidden=True)
@click.argument("job_id", type=int)
@click.argument("token")
def child(job_id: int, token: str) -> None:
    """One attempt at one job, started by the runner. Example: flask --app wsgi jobs child 17 3f9a…"""
    attempt.end_with_parent()
    attempt.perform(job_id, token)
