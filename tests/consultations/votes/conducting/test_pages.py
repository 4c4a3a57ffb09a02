"""A clerk takes a vote from its first fact to the count, by pages alone, with the trustees' files in hand."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from civic import clock
from civic.activities.models import Activity
from civic.activities.states import State
from civic.db import db
from consultations.votes.posting import boards
from consultations.votes.protocol.checkpoints import cosign
from consultations.votes.protocol.encoding import canonical, read
from consultations.votes.protocol.tally import decrypt_share, purpose_of_rehearsal, rehearsal_of
from tests.cast import Cast
from tests.factories.boards import CEREMONY, WITNESS, WITNESS_KEY, drawn_from
from tests.factories.votes import Held, make_vote
from tests.pages import Page, opens
from tests.walks.sheet import texts

HALL = "/staff/votes/hall"
YES, NO = [1, 0, 0], [0, 1, 0]


def upload(value: Any, name: str = "file.json") -> tuple[BytesIO, str]:
    return BytesIO(canonical(value)), name


def send_file(page: Page, button: str, field: str, value: Any) -> Page:
    """Choose a file and press the button."""
    return page.press(button, **{field: [upload(value)]})


@pytest.fixture
def editor(cast: Cast) -> FlaskClient:
    return cast.client(cast.editor)


@pytest.fixture
def approver(cast: Cast) -> FlaskClient:
    return cast.client(cast.approver)


def ceremony_of(held: Held) -> dict[str, Any]:
    source = held.poll.manifest.source
    return {name: source[name] for name in ("key", "threshold", "trustees")} | {"ceremony": CEREMONY, "version": 1}


def rehearsal_of_trustee(held: Held, trustee: int) -> dict[str, Any]:
    manifest = boards.manifest_from(held.board.manifest)
    purpose = purpose_of_rehearsal(manifest, trustee)
    share = decrypt_share(purpose, rehearsal_of(manifest), held.poll.secrets[trustee], drawn_from(f"r{trustee}"))
    return share.rehearsal


def characters_of(page: Page) -> str:
    """The four characters the page asks for."""
    return page.html.select_one("#typed-hint").get_text().strip()[-4:]  # type: ignore[union-attr]


def press_typed(page: Page, button: str) -> Page:
    return page.press(button, typed=characters_of(page))


FACTS: dict[str, Any] = {
    **texts("ordinance", "みなと野市住民投票条例"),
    "online_clause": "第12条第2項",
    **texts("for", "老朽化しています。"),
    **texts("against", "費用がかかります。"),
    "least_age": "18",
    "clause_least_age": "第3条第1項",
    "least_months": "3",
    "revote": "yes",
    "quorum": "half",
}
QUESTION: dict[str, Any] = {
    **texts("text", "市民会館を建て替えますか"),
    "kind": "single",
    **texts("options-0-text", "建て替える"),
    **texts("options-1-text", "改修する"),
    "blank": "y",
}
SETTINGS: dict[str, Any] = {
    name: value
    for one in ("background", "eligibility", "purpose", "use_of_result", "contact")
    for name, value in texts(one).items()
} | {"retention_until": "2031-03-31", "answer_due": "2030-06-30"}


def day_and_time(hours: int) -> str:
    return (clock.now() + timedelta(hours=hours)).astimezone(clock.TOKYO).strftime("%Y-%m-%dT%H:%M")


def prepared_by_pages(cast: Cast, editor: FlaskClient, held: Held) -> None:
    """From the facts to the rehearsal, with the keys of `held`'s trustees, for a vote at /staff/votes/pages."""
    here = "/staff/votes/pages"
    facts = opens(editor, f"{here}/facts").press("決まりと意見を保存する", **FACTS, reference_day=str(clock.today()))
    assert "保存しました" in facts.text
    question = opens(editor, f"{here}/questions").follow("設問を書く").press("設問を保存する", **QUESTION)
    assert "市民会館を建て替えますか ja" in question.text
    period = {"starts_at": day_and_time(-1), "ends_at": day_and_time(48)}
    opens(editor, "/staff/activities/pages/settings").press("設定を保存する", **SETTINGS, **period)
    keys = send_file(opens(editor, f"{here}/trustees"), "この鍵を取り込む", "file", ceremony_of(held))
    assert "鍵を取り込みました" in keys.text
    witnesses = opens(editor, f"{here}/witnesses")
    row = {"witnesses-0-name": WITNESS, "witnesses-0-key": WITNESS_KEY.public.hex()}
    assert WITNESS in witnesses.press("確認立会を保存する", **row).text
    register = opens(editor, f"{here}/roll")
    number = next(o["value"] for o in register.html.select("#register option") if o.get_text() == "roll-hall")
    roll = register.press("この名簿を使う", register=number)
    assert "除かれる人" in roll.text
    assert "第3条第1項" in roll.text
    assert "内容を確定しました" in opens(editor, f"{here}/freeze").press("投票の内容を確定する").text


def test_a_clerk_conducts_a_whole_vote_by_pages(cast: Cast, editor: FlaskClient, approver: FlaskClient) -> None:
    held = make_vote(cast, state=State.DRAFT, voters=12)
    new = opens(editor, "/staff/votes/new")
    steps = new.press("この投票を作る", slug="pages", **texts("title", "市民会館"), **texts("summary"))
    assert (steps.status, steps.heading) == (200, "投票の手順: 市民会館 ja")
    prepared_by_pages(cast, editor, held)
    held.id = db.session.scalars(sa.select(Activity.id).where(Activity.slug == "pages")).one()
    page = opens(editor, "/staff/votes/pages/freeze")
    files = {f"share_{one}": [upload(rehearsal_of_trustee(held, one))] for one in (1, 3)}
    rehearsed = page.press("練習用の箱を開ける", **files)
    assert "予行していません" in rehearsed.text
    assert "参加していない開票立会人がいます" in rehearsed.text
    opens(editor, "/staff/activities/pages").follow("決裁に出す").press("決裁に出す")
    approved = opens(approver, "/staff/activities/pages").follow("内容を見て決裁する").press("決裁する")
    assert "決裁しました" in approved.text
    for voter in range(1, 12):
        held.vote_for(voter, YES if voter < 8 else NO)
    held.end()
    closing = opens(editor, "/staff/activities/pages").follow("締め切る")
    assert closing.heading == "投票を締め切る"
    assert "票はまだ封印されています" in press_typed(closing, "投票を締め切る").text
    cosign_by_page(editor, held)
    for trustee in (1, 2):
        share = opens(editor, "/staff/votes/pages/shares")
        assert "掲示板に載せました" in send_file(share, "掲示板に載せる", "file", held.share_of(trustee)).text
    counted = press_typed(opens(editor, "/staff/votes/pages/count"), "開票する")
    assert "開票しました" in counted.text
    assert [row.get_text(" ").split()[-1] for row in counted.html.select("tbody tr")] == ["7", "4", "0"]
    answered_by_pages(editor, approver)


def cosign_by_page(editor: FlaskClient, held: Held) -> None:
    """The witness takes the board file, signs its last head and sends the file back."""
    slug = held.vote.slug
    board = read(editor.get(f"/staff/votes/{slug}/board.json").data)
    assert canonical(board) == held.file
    point = boards.checkpoints_of(db.session, held.board.id)[-1]
    manifest = boards.manifest_from(held.board.manifest)
    cosigned = point.with_cosignature(cosign(WITNESS_KEY, WITNESS, manifest, point))
    kept = send_file(opens(editor, f"/staff/votes/{slug}/heads"), "この署名を受け取る", "file", cosigned.body)
    assert f"受け取りました: {WITNESS}" in kept.text


def answered_by_pages(editor: FlaskClient, approver: FlaskClient) -> None:
    opens(editor, "/staff/activities/pages/answer").press("保存する", **texts("answer", "建て替えます。"))
    published = press_typed(
        opens(approver, "/staff/activities/pages").follow("市の回答を公開する"), "市の回答を公開する"
    )
    assert "公開しました" in published.text
