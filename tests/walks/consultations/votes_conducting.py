"""What the walks need of conducting votes: one before, one in and two after its period, the forms by hand."""

from io import BytesIO
from typing import Final

from werkzeug.datastructures import FileStorage

from civic import clock
from civic.activities import actions as activities
from civic.activities.states import State
from civic.db import db
from civic.identity.registers import keeping
from civic.jobs.child import perform_due
from consultations.votes.conducting import actions
from consultations.votes.enrolling import actions as enrolling
from consultations.votes.posting import actions as posting
from tests.factories.surveys import actor, text
from tests.factories.votes import Held, make_vote
from tests.walks.sheet import LONG, Sheet, file, texts, too_long
from tests.walks.town import Town

VOTE: Final = "/staff/votes/<slug>"
DRAFT: Final = "/staff/votes/vote-draft"
WRONG_FILES: Final = [
    None,
    file("x.json", b"%PDF"),
    file("x.json", b'{"a": 1}'),
    file("x.json", b"[]"),
    file("x.json", b""),
]
KEY: Final = "5866666666666666666666666666666666666666666666666666666666666666"
FACTS: Final = {
    **texts("ordinance"), "online_clause": "第12条", **texts("for"), **texts("against"), "reference_day": "2026-11-01",
    "least_age": "18", "clause_least_age": "第3条", "least_months": "3", "clause_least_months": "第3条",
    "revote": "yes", "clause_revote": "第13条", "quorum": "other", "numerator": "2", "denominator": "5",
    "clause_quorum": "第18条", "nationality": "mid_long", "resident_years": "3", "clause_nationality": "第3条",
    "exclusion": "yes", "clause_exclusion": "第4条", "notice_day": "2026-10-01", "least_days": "30", "most_days": "90",
    "clause_vote_day": "第8条", "proclaimed_on": "2026-10-20", "proclaimed_days": "7", "clause_proclamation": "第9条",
    **texts("timing_reason"), "frozen_from": "2020-11-01", "frozen_until": "2020-11-08", "clause_freeze": "第10条",
    "roll_day": "2026-11-02", "inspection_from": "2026-11-03", "inspection_until": "2026-11-07", "clause_inspection": "第7条",
}  # fmt: skip
QUESTION: Final = {
    **texts("text"), "kind": "approval", **texts("options-0-text"), **texts("options-1-text"), "blank": "y",
    "least": "1", "most": "2", "points": "5",
}  # fmt: skip
QUESTION_WRONG: Final = [
    ("text_ja", ""), ("text_ja", None), ("kind", "election"), ("kind", None), ("options-0-text_ja", ""), ("least", "3"),
    ("least", "いくつ"), ("most", "0"), ("most", "3"), ("most", ""), ("points", "五"), *too_long("text", "options-0-text"),
]  # fmt: skip
SHEETS: Final[dict[str, Sheet]] = {
    "new vote": Sheet(
        "/staff/votes/new", "/staff/votes/new", "editor", "この投票を作る",
        {"project": "1", **texts("title", "題"), "slug": "new-vote", **texts("summary")},
        [
            ("project", "99"), ("project", "x"), ("title_ja", ""), ("summary_ja", ""), ("slug", ""), ("slug", "New"),
            ("slug", "vote-draft"), ("slug", "new"), *too_long("title", "summary"),
        ],
    ),
    "facts of a vote": Sheet(
        f"{VOTE}/facts", f"{DRAFT}/facts", "editor", "決まりと意見を保存する", FACTS,
        [
            ("online_clause", LONG), ("reference_day", "昨日"), ("reference_day", "2026-02-30"), ("least_age", ""),
            ("least_age", "121"), ("least_age", "十八"), ("least_months", ""), ("least_months", "-1"), ("revote", None),
            ("revote", "perhaps"), ("quorum", None), ("quorum", "all"), ("numerator", "6"), ("numerator", "半分"),
            ("denominator", "0"), ("denominator", ""), ("clause_quorum", LONG), ("nationality", None), ("nationality", "all"),
            ("resident_years", "0"), ("resident_years", "三年"), ("clause_nationality", ""), ("exclusion", "perhaps"),
            ("clause_exclusion", ""), ("notice_day", "昨日"), ("least_days", "-1"), ("least_days", "x"), ("most_days", "29"),
            ("most_days", "401"), ("proclaimed_on", "2026-02-30"), ("proclaimed_days", "七"), ("proclaimed_days", "401"),
            ("frozen_from", ""), ("frozen_until", ""), ("frozen_until", "2020-10-31"), ("frozen_until", "2020-12-31"),
            ("frozen_from", "x"), ("roll_day", "x"), ("inspection_from", ""), ("inspection_until", ""),
            ("inspection_until", "2026-11-02"), *too_long("ordinance", "for", "against", "timing_reason"),
        ],
    ),
    "new question of a vote": Sheet(
        f"{VOTE}/questions/new", f"{DRAFT}/questions/new", "editor", "設問を保存する", QUESTION, QUESTION_WRONG,
    ),
    "question of a vote": Sheet(
        f"{VOTE}/questions/<code>", f"{DRAFT}/questions/q1", "editor", "設問を保存する", QUESTION, QUESTION_WRONG,
    ),
    "key ceremony": Sheet(
        f"{VOTE}/trustees", f"{DRAFT}/trustees", "editor", "この鍵を取り込む", {"file": file("ceremony.json", b"{}")},
        [("file", value) for value in WRONG_FILES],
    ),
    "witnesses": Sheet(
        f"{VOTE}/witnesses", f"{DRAFT}/witnesses", "editor", "確認立会を保存する",
        {"witnesses-0-name": "となり町", "witnesses-0-key": KEY},
        [
            ("witnesses-0-name", ""), ("witnesses-0-name", LONG), ("witnesses-0-key", ""), ("witnesses-0-key", "鍵"),
            ("witnesses-0-key", "00" * 32),
        ],
    ),
    "register of a vote": Sheet(
        f"{VOTE}/roll", f"{DRAFT}/roll", "editor", "この名簿を使う", {"register": "1"},
        [("register", "0"), ("register", "99"), ("register", "x")],
    ),
    "register that is handed in": Sheet(
        f"{VOTE}/roll/file", f"{DRAFT}/roll/file", "editor", "このファイルを調べる",
        {"file": file("register.csv", b"entry_id\nA-1\n")},
        [("file", None), ("file", file("x.pdf", b"%PDF")), ("file", file("x.csv", b"")), ("file", file("x.csv", b"a\n1\n"))],
    ),
    "import of a register": Sheet(
        f"{VOTE}/roll/file/<name>", lambda town: town.address(f"{VOTE}/roll/file/<name>"), "editor", "1人を取り込む",
        {"into": "own", "partly": "y"}, [("into", None), ("into", "other"), ("partly", None)],
    ),
    "correction of a roll": Sheet(
        f"{VOTE}/corrections", "/staff/votes/vote-looked-at/corrections", "editor", "名簿を修正する",
        {"number": "roll-vote-looked-at-5", "kind": "strike", "reason": "gone"},
        [
            ("number", ""), ("number", None), ("number", "nobody"), ("number", "roll-vote-looked-at-young"),
            ("number", LONG), ("kind", None), ("kind", "move"), ("reason", None), ("reason", "dislike"),
        ],
    ),
    "rehearsal": Sheet(
        f"{VOTE}/rehearsal", "/staff/votes/vote-frozen/freeze", "editor", "練習用の箱を開ける",
        {"share_1": file("1.json", b"{}"), "share_2": file("2.json", b"{}")},
        [("share_1", value) for value in WRONG_FILES[1:]],
    ),
    "vote on paper": Sheet(
        f"{VOTE}/paper", "/staff/votes/vote-open/paper", "editor", "掲示板に記録する",
        {"number": "roll-vote-open-5", "reason": "paper", "sure": "y"},
        [
            ("number", ""), ("number", None), ("number", "nobody"), ("number", "roll-vote-open-young"), ("number", LONG),
            ("reason", None), ("reason", "late"), ("sure", None),
        ],
    ),
    "paper count": Sheet(
        f"{VOTE}/paper/count", "/staff/votes/vote-counting/paper/count", "editor", "この数を保存する",
        {"q1-o01": "1", "q1-o02": "0", "q1-o00": "0", "q1-void": "0", **texts("note")},
        [
            ("q1-o01", ""), ("q1-o01", None), ("q1-o01", "-1"), ("q1-o01", "一票"), ("q1-o02", "1.5"), ("q1-void", None),
            ("q1-o00", "1" * 30), *too_long("note"),
        ],
    ),
    "last day of objections": Sheet(
        f"{VOTE}/slots", "/staff/votes/vote-withdrawn/slots", "editor", "この日を保存する", {"until": "2026-11-01"},
        [("until", ""), ("until", None), ("until", "きのう"), ("until", "2026-02-30")],
    ),
    "cosigned head": Sheet(
        f"{VOTE}/heads", "/staff/votes/vote-open/heads", "editor", "この署名を受け取る", {"file": file("x.json", b"{}")},
        [("file", value) for value in WRONG_FILES],
    ),
    "close of a vote": Sheet(
        f"{VOTE}/close", "/staff/votes/vote-ended/close", "editor", "投票を締め切る", {"typed": "0000"},
        [("typed", ""), ("typed", "ABCD"), ("typed", LONG)],
    ),
    "share of a count": Sheet(
        f"{VOTE}/shares", "/staff/votes/vote-counting/shares", "editor", "掲示板に載せる",
        {"file": file("share.json", b"{}")}, [("file", value) for value in WRONG_FILES],
    ),
    "count of a vote": Sheet(
        f"{VOTE}/count", "/staff/votes/vote-counting/count", "editor", "開票する", {"typed": "0000"},
        [("typed", ""), ("typed", "ABCD"), ("typed", LONG)],
    ),
}  # fmt: skip
BUTTONS: Final = "only buttons: nothing is typed"
EXCUSED: Final[dict[str, str]] = {
    f"{VOTE}/questions": BUTTONS,
    f"{VOTE}/freeze": BUTTONS,
    f"{VOTE}/texts": BUTTONS,
    f"{VOTE}/unfreeze": BUTTONS,
    f"{VOTE}/paper/release": BUTTONS,
    f"{VOTE}/slots/destroy": "one tick, and what it destroys is there once: its own test is in test_destroying",
    f"{VOTE}/roll/letters/<name>": BUTTONS,
    f"{VOTE}/roll/letters/<name>/erase": "one tick, and what it erases is there once: its own test is in test_register_pages",
    f"{VOTE}/heads/sign": BUTTONS,
}
INSPECTORS: Final = "editor approver moderator analyst"
BY_HAND: Final[dict[str, str]] = {
    f"GET {VOTE}": INSPECTORS,
    f"GET {VOTE}/facts": INSPECTORS,
    f"POST {VOTE}/facts": "editor",
    f"POST {VOTE}/questions": "editor",
    f"POST {VOTE}/trustees": "editor",
    f"GET {VOTE}/roll/file": "editor",
    f"POST {VOTE}/roll/file/<name>": "editor",
    f"GET {VOTE}/roll/file/<name>/rows.csv": "editor",
    f"POST {VOTE}/roll/letters/<name>": "editor",
    f"POST {VOTE}/roll/letters/<name>/erase": "editor",
    f"POST {VOTE}/freeze": "editor",
    f"POST {VOTE}/texts": "editor",
    f"POST {VOTE}/unfreeze": "editor",
    f"POST {VOTE}/rehearsal": "editor",
    f"GET {VOTE}/manifest.json": INSPECTORS,
    f"GET {VOTE}/board.json": INSPECTORS,
    f"POST {VOTE}/paper": "editor",
    f"POST {VOTE}/paper/count": "editor",
    f"POST {VOTE}/paper/release": "approver",
    f"POST {VOTE}/slots": "editor",
    f"POST {VOTE}/slots/destroy": "approver",
    f"POST {VOTE}/heads": "editor",
    f"POST {VOTE}/heads/sign": "editor",
    f"GET {VOTE}/close": "editor",
    f"POST {VOTE}/close": "editor",
    f"POST {VOTE}/shares": "editor",
    f"POST {VOTE}/count": "editor",
    "GET /staff/votes/new": "editor parks_editor",
}
NOT_ALWAYS_THERE: Final[set[str]] = set()


def plant(town: Town) -> None:
    """Votes in five states, each behind the addresses that belong to it."""
    draft = make_vote(town.cast, state=State.DRAFT, slug="vote-draft")
    make_vote(town.cast, state=State.IN_APPROVAL, slug="vote-frozen")
    opened = voted(town, "vote-open", 2)
    posting.sign_head(opened.id, clock.now())
    voted(town, "vote-ended", 2).end()
    counting = voted(town, "vote-counting", 11)
    actions.record_paper(counting.id, counting.entries[11], "paper", actor(town.cast.editor), clock.now())
    counting.end()
    counting.close()
    counting.cosign()
    counting.share(1)
    counting.share(2)
    withdrawn = make_vote(town.cast, slug="vote-withdrawn")
    activities.withdraw(withdrawn.id, text("取りやめ"), actor(town.cast.approver), clock.now())
    town.put("/votes/ /staff/votes/", slug="vote-draft", code="q1")
    plant_registers(town, draft)
    town.put("/votes/", slug="vote-open")
    town.put(f"{VOTE}/freeze {VOTE}/manifest.json {VOTE}/rehearsal", slug="vote-frozen")
    town.put(f"{VOTE}/paper {VOTE}/heads {VOTE}/board.json", slug="vote-open")
    town.put(f"{VOTE}/paper/count {VOTE}/paper/release", slug="vote-counting")
    town.put(f"{VOTE}/slots", slug="vote-withdrawn")
    town.put(f"{VOTE}/close", slug="vote-ended")
    town.put(f"{VOTE}/shares {VOTE}/count", slug="vote-counting")


def plant_registers(town: Town, draft: Held) -> None:
    """A register that was looked at, with a row that cannot be taken, and one whose codes wait."""
    content = b"entry_id,birth_date\nA-1,1980-01-01\nA-2,1980-13-01\n"
    other = make_vote(town.cast, state=State.DRAFT, slug="vote-looked-at")
    imported, looked_at = (
        keeping.keep(FileStorage(BytesIO(content), "名簿.csv"), held.id, town.cast.editor.id) for held in (draft, other)
    )
    enrolling.request_import(draft.id, imported, "enrolled", actor(town.cast.editor), clock.now())
    perform_due()
    db.session.rollback()
    town.put(f"{VOTE}/roll/file/<name>", slug=other.vote.slug, name=looked_at.name)
    town.put(f"{VOTE}/roll/letters/<name>", name=imported.name)


def voted(town: Town, slug: str, ballots: int) -> Held:
    held = make_vote(town.cast, slug=slug)
    for number in range(1, ballots + 1):
        held.vote_for(number, [1, 0, 0])
    return held
