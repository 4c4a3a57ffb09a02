"""Says what a file is: key, plan of a ceremony, its outcome, manifest, board, share."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from consultations.votes.offline import files
from consultations.votes.offline.sentences import Declined, Said, Value, Voice, literal, shown
from consultations.votes.protocol.ballots import check_ballot
from consultations.votes.protocol.board import Board, Outcome, Published, read_published
from consultations.votes.protocol.encoding import Json
from consultations.votes.protocol.manifest import Manifest, read_manifest
from consultations.votes.protocol.questions import Question
from consultations.votes.protocol.tally import (
    is_share,
    purpose_of_rehearsal,
    purpose_of_share,
    read_rehearsal,
    read_share,
    rehearsal_of,
)
from consultations.votes.trustee import keyfile
from consultations.votes.trustee.decrypting import missing_witnesses
from consultations.votes.trustee.messages import read_plan
from consultations.votes.trustee.public import comparison_number, read_outcome

Line: TypeAlias = tuple[Said, dict[str, Value]]

KEY_NEW: Final = Said("鍵ファイル(まだ鍵づくりに使われていません)", "a key file, not yet used in a ceremony")
KEY_SEAT: Final = Said(
    "鍵ファイル: {number}番 {name}(鍵づくりの途中です)", "a key file: trustee {number}, {name}; the ceremony goes on"
)
KEY_DONE: Final = Said(
    "鍵ファイル: {number}番 {name}(鍵づくりは済んでいます)\n  確認用の値 {share}",
    "a key file: trustee {number}, {name}; the ceremony is done\n  verifying share {share}",
)
PLAN: Final = Said(
    "鍵づくりの計画: {title}、開票立会人 {trustees} 人、うち {threshold} 人で開票",
    "the plan of a ceremony: {title}; {trustees} trustees, any {threshold} of whom decrypt",
)
OUTCOME: Final = Said(
    "鍵づくりの結果(公開してよいファイル)。{threshold} 人で開票。開票立会人: {names}\n  照合番号 {digits}",
    "the outcome of a ceremony, which may be published; {threshold} decrypt. Trustees: {names}\n"
    "  comparison number {digits}",
)
MANIFEST: Final = Said("投票の告示: {title}", "a manifest: {title}")
VOTE: Final = Said("  投票の識別番号 {vote}", "  vote {vote}")
PERIOD: Final = Said("  投票の期間 {opens} から {closes} まで(協定世界時)", "  voting from {opens} to {closes} (UTC)")
QUESTION: Final = Said("  問い: {text} / 選択肢: {options}", "  question: {text} / options: {options}")
REGISTER: Final = Said("  名簿の人数 {count}", "  on the roll: {count}")
TRUSTEES: Final = Said(
    "  開票立会人: {names}({threshold} 人で開票)\n  鍵づくりの照合番号 {digits}",
    "  trustees: {names}; {threshold} decrypt\n  comparison number of the ceremony {digits}",
)
WITNESSES: Final = Said("  確認立会: {names}", "  witnesses: {names}")
BOARD: Final = Said(
    "公開掲示板: {entries} 件の記載。すべて検証しました。", "a board of {entries} entries, all verified"
)
BALLOTS: Final = Said(
    "  数える票 {ballots}、紙での投票 {paper}、検査された票 {audited}",
    "  ballots to be counted {ballots}, on paper {paper}, audited {audited}",
)
STAGES: Final[Mapping[Outcome | None, Said]] = {
    None: Said("  まだ締め切られていません。", "  not closed yet"),
    Outcome.COUNT: Said("  締め切りました。開票できます。", "  closed, to be decrypted"),
    Outcome.NO_QUORUM: Said("  締め切りました。不成立のため開票しません。", "  closed without a quorum: never decrypted"),
    Outcome.TOO_FEW: Said("  締め切りました。票が少ないため開票しません。", "  closed with too few ballots: never decrypted"),
}  # fmt: skip
COSIGNED: Final = Said("  締め切りに、すべての確認立会の連署があります。", "  all witnesses have cosigned the close")
NOT_COSIGNED: Final = Said(
    "  締め切りに連署していない確認立会: {names}", "  witnesses who have not cosigned the close: {names}"
)
SHARES: Final = Said("  部分開票を出した開票立会人: {numbers}", "  shares by trustees {numbers}")
TOTALS: Final = Said("  結果 {question}: {totals}", "  result of {question}: {totals}")
SHARE: Final = Said("{number}番の開票立会人の部分開票", "a share of trustee {number}")
REHEARSAL: Final = Said("{number}番の開票立会人の予行開票", "a rehearsal of trustee {number}")
RIGHT: Final = Said("  {path} に合います。", "  it fits {path}.")
WRONG: Final = Said(
    "{number}番の部分開票は {path} に合いません。", "The share of trustee {number} does not fit {path}."
)
COSIGNATURE: Final = Said(
    "確認立会 {witness} の連署(掲示板の{n}番まで)", "a cosignature of witness {witness} for entry {n}"
)
UNKNOWN: Final = Said("{path} が何のファイルか分かりません。", "It is not known what {path} is.")


def described(path: Path, against: Path | None) -> list[Line]:
    """What the file is. Declined or Refused where it is not in order."""
    value = files.read_value(path)
    found = value.keys() if isinstance(value, dict) else set()
    kinds: Mapping[str, Callable[[], list[Line]]] = {
        "kind": lambda: _key(path),
        "entries": lambda: _board(read_published(value)),
        "questions": lambda: _manifest(read_manifest(value)),
        "key threshold": lambda: _outcome(value),
        "title threshold": lambda: _plan(value),
        "proofs shares": lambda: _share(value, against),
        "witness n": lambda: [(COSIGNATURE, {"witness": str(value["witness"]), "n": str(value["n"])})],
    }
    for names, describe in kinds.items():
        if found >= set(names.split()):
            return describe()
    raise Declined(UNKNOWN, path=str(path))


def tell(lines: list[Line], voice: Voice) -> None:
    for said, values in lines:
        voice.say(said, **values)


def _key(path: Path) -> list[Line]:
    label = keyfile.read_header(path)["label"]
    if not label["number"]:
        return [(KEY_NEW, {})]
    return [(KEY_DONE if label["share"] else KEY_SEAT, {name: label[name] for name in ("number", "name", "share")})]


def _plan(value: Json) -> list[Line]:
    plan = read_plan(value)
    return [(PLAN, {"title": plan.title, "trustees": plan.trustees, "threshold": plan.threshold})]


def _outcome(value: Json) -> list[Line]:
    outcome = read_outcome(value)
    names, digits = ", ".join(outcome.names), comparison_number(outcome.digest)
    return [(OUTCOME, {"threshold": outcome.threshold, "names": names, "digits": digits})]


def _manifest(manifest: Manifest) -> list[Line]:
    questions: list[Line] = [
        (QUESTION, {"text": said(one.text), "options": _options(one)}) for one in manifest.questions
    ]
    digits = comparison_number(read_outcome(manifest.source).digest)
    names = ", ".join(one.name for one in manifest.trustees)
    return [
        (MANIFEST, {"title": said(manifest.title)}),
        (VOTE, {"vote": manifest.vote.hex()}),
        *questions,
        (PERIOD, {"opens": f"{manifest.opens:%Y-%m-%d %H:%M}", "closes": f"{manifest.closes:%Y-%m-%d %H:%M}"}),
        (REGISTER, {"count": manifest.register}),
        (TRUSTEES, {"names": names, "threshold": manifest.threshold, "digits": digits}),
        (WITNESSES, {"names": ", ".join(manifest.witnesses) or Said("なし", "none")}),
    ]


def _options(question: Question) -> Said:
    joined = {
        language: " / ".join(option.text.get(language, option.text["ja"]) for option in question.options)
        for language in ("ja", "en")
    }
    return said(joined)


def said(texts: Mapping[str, str]) -> Said:
    """A text of the manifest, with nothing in it to be filled in."""
    return literal(shown(texts["ja"]), shown(texts.get("en", texts["ja"])))


def _board(published: Published) -> list[Line]:
    board = published.board
    ballots: dict[str, Value] = {
        "ballots": len(board.counted), "paper": board.paper, "audited": len(board.audited)
    }  # fmt: skip
    lines: list[Line] = [
        (BOARD, {"entries": board.length}),
        *_manifest(board.manifest),
        (BALLOTS, ballots),
        (STAGES[board.outcome], {}),
    ]
    if board.outcome is Outcome.COUNT:
        missing = missing_witnesses(published)
        lines.append((NOT_COSIGNED, {"names": ", ".join(missing)}) if missing else (COSIGNED, {}))
    if board.shares:
        lines.append((SHARES, {"numbers": ", ".join(str(one) for one in sorted(board.shares))}))
    for question, totals in zip(board.manifest.questions, board.totals, strict=False):
        listed = ", ".join(f"{code} {total}" for code, total in zip(question.codes, totals, strict=True))
        lines.append((TOTALS, {"question": question.code, "totals": listed}))
    return lines


def _share(value: Json, against: Path | None) -> list[Line]:
    """A share, or a rehearsal, and whether its proofs hold for the board or manifest it is compared with."""
    told, number = SHARE if "type" in value else REHEARSAL, value.get("trustee")
    line: Line = (told, {"number": str(number)})
    if against is None:
        return [line]
    fits = (_fits_board if "type" in value else _fits_manifest)(value, files.read_value(against))
    if not fits:
        raise Declined(WRONG, number=str(number), path=str(against))
    return [line, (RIGHT, {"path": str(against)})]


def _fits_board(value: Json, board: Json) -> bool:
    found: Board = read_published(board, check_ballot).board
    share = read_share(value, found.aggregate)
    trustee = found.manifest.trustee(share.trustee)
    purpose = purpose_of_share(found.manifest, found.aggregate, share.trustee)
    return trustee is not None and is_share(purpose, found.aggregate, share, trustee.share)


def _fits_manifest(value: Json, manifest: Json) -> bool:
    found = read_manifest(manifest)
    aggregate = rehearsal_of(found)
    share = read_rehearsal(value, aggregate)
    trustee = found.trustee(share.trustee)
    purpose = purpose_of_rehearsal(found, share.trustee)
    return trustee is not None and is_share(purpose, aggregate, share, trustee.share)
