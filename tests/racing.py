"""Works let go at once, each in a thread of its own, and what became of each."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from civic.db import db
from civic.refusals import Refusal

SECONDS = 60  # for all to be there; one that is missing is an error and no wait for ever


def together(app: Flask, *works: Callable[[], object]) -> list[object]:
    """Run every work in a thread of its own, all let go at once; what each returned or was refused with."""
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        with app.app_context():
            start.wait(SECONDS)
            try:
                return work()
            except Refusal as refusal:
                return type(refusal)
            finally:
                db.session.close()

    db.session.rollback()
    with ThreadPoolExecutor(len(works)) as threads:
        return [one.result() for one in [threads.submit(run, work) for work in works]]


def kinds(results: Iterable[object]) -> Counter[str]:
    """How many were done, and how many met each refusal, by its name."""
    return Counter(one.__name__ if isinstance(one, type) else "done" for one in results)
