"""What people really send: nothing, copies, signs, one endless comment, two languages; and machines of all sizes."""

import json
import os
import random
import signal
import subprocess
import sys

import jsonschema
import pytest

from analysis.output import document
from analysis.topics import analyse
from analysis.workers import each
from tests.analysis.comments import ENGLISH, JAPANESE
from tests.analysis.test_topics import SCHEMA, numbered

ENDLESS = "図書館の席を増やしてほしい。雪を捨てる場所がない。" * 8400


@pytest.mark.parametrize(
    "texts",
    [
        [*JAPANESE[:8], "😀🎉", "👨‍👩‍👧‍👦", "\x00\x07\x1b[31m", "﷽", "🏠が狭い"],
        [*JAPANESE[:8], *ENGLISH[:8]],
        [*JAPANESE[:4], ENDLESS],
    ],
    ids=["signs", "two languages", "endless"],
)
def test_whatever_is_sent_every_comment_is_placed_once_and_no_topic_is_empty(texts):
    run = analyse(numbered(texts), "ja", topics=3)
    assert [one.id for one in run.assignments] == [str(number) for number in range(1, len(texts) + 1)]
    assert all(topic.size and topic.label for topic in run.topics)
    assert len({topic.label for topic in run.topics}) == len(run.topics)
    jsonschema.validate(json.loads(json.dumps(document(run))), SCHEMA)


def test_one_run_reads_each_comment_in_the_language_of_its_script():
    run = analyse(numbered([*JAPANESE[:24], *ENGLISH[:20]]), "ja", topics=4)
    words = {word.lower() for topic in run.topics for word in [*topic.keywords, *topic.label.split("・")]}
    assert words & {"library", "pool", "swimming pool", "street lights"}
    assert words & {"図書館", "ごみ", "開館時間"}
    assert not words & {"the", "is", "are", "our", "too"}


def test_the_order_of_the_rows_changes_no_assignment_in_a_set_with_copies_and_silence():
    comments = numbered([*JAPANESE[20:34], *JAPANESE[20:24], "", "なし"])
    shuffled = random.Random(3).sample(comments, len(comments))
    once, again = (analyse(rows, "ja", topics=3) for rows in (comments, shuffled))
    assert {one.id: one for one in once.assignments} == {one.id: one for one in again.assignments}
    assert once.topics == again.topics


def test_one_core_or_two_give_the_same_bytes():
    program = (
        "import analysis.consensus\nanalysis.consensus.WORTH_A_PROCESS = 2\n"
        "from analysis.output import to_json\nfrom analysis.text import Comment\nfrom analysis.topics import analyse\n"
        "from tests.analysis.comments import JAPANESE\n"
        "print(to_json(analyse([Comment(str(i), text) for i, text in enumerate(JAPANESE[:20])], topics=4)))"
    )
    pins = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    printed = [
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            env=os.environ | pins | {"ANALYSIS_PROCESSES": cores},
            check=True,
        ).stdout
        for cores in ("1", "2")
    ]
    assert printed[0] == printed[1]
    assert printed[0]


def test_work_is_done_in_order_by_several_processes_only_where_threads_are_pinned(monkeypatch):
    here = os.getpid()
    monkeypatch.setenv("ANALYSIS_PROCESSES", "2")
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    assert {process for _, process in each(lambda task: (task, os.getpid()), range(4))} == {here}
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    done = list(each(lambda task: (task, os.getpid()), range(20)))
    assert [task for task, _ in done] == list(range(20))
    assert here not in {process for _, process in done}
    assert {process for _, process in each(lambda task: (task, os.getpid()), range(4), worth=False)} == {here}
    with pytest.raises(MemoryError):  # as when the system wants its memory back
        list(each(lambda task: os.kill(os.getpid(), signal.SIGKILL) if task == 7 else task, range(20)))


def test_one_run_quotes_each_comment_in_whole_sentences_of_its_own_language():
    days = ("Mondays", "Tuesdays", "Sundays", "holidays", "market days", "winter mornings")
    run = analyse(
        numbered([*JAPANESE[:12], *(f"The bus to St. Ives is late on {day}." for day in days)]), "ja", topics=2
    )
    quoted = [one.sentence for topic in run.topics for one in topic.summary if one.kind == "quote"]
    english = [sentence for sentence in quoted if sentence.isascii()]
    assert english
    assert all(sentence.startswith("The bus to St. Ives is late") for sentence in english)
    assert any("図書館" in sentence for sentence in quoted)
