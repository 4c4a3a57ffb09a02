"""Rehearsing and decrypting: what a trustee's key is used for, and every reason not to.

Whatever is written is the same bytes when it is asked for again: the proofs' randomness follows from key and purpose.
"""

from typing import Final

from consultations.votes.offline.sentences import Declined, Said
from consultations.votes.protocol.board import Outcome, Published
from consultations.votes.protocol.encoding import Json
from consultations.votes.protocol.manifest import MINIMUM, Manifest, read_manifest
from consultations.votes.protocol.tally import (
    Aggregate,
    Purpose,
    Share,
    decrypt_share,
    is_share,
    purpose_of_rehearsal,
    purpose_of_share,
    rehearsal_of,
)
from consultations.votes.trustee.drawing import nonces_of
from consultations.votes.trustee.keyfile import KeyFile
from consultations.votes.trustee.keys import Key
from consultations.votes.trustee.public import comparison_number, read_outcome

UNFINISHED: Final = Said(
    "この鍵ファイルは、鍵づくり(ceremony)がまだ終わっていません。", "The key ceremony of this key file is not finished."
)
OTHER_VOTE: Final = Said(
    "この鍵ファイルは、別の投票のものです。「{title}」は開けません。",
    "This key file belongs to another vote. It cannot open “{title}”.",
)
OTHER_TRUSTEES: Final = Said(
    "「{title}」の開票立会人や鍵の記載が、鍵づくりで確かめたものと違います。開票せず、ほかの開票立会人に知らせてください。",
    "The trustees or keys named in “{title}” are not those of your ceremony. Do not decrypt; tell the other trustees.",
)
WRONG_KEY: Final = Said(
    "この鍵ファイルの鍵が、公開された確認用の値と合いません。控え(restore)を使ってください。",
    "The key in this file does not fit its published verifying share. Use the printed backup (restore).",
)
NOT_CLOSED: Final = Said("投票はまだ締め切られていません。", "The vote has not been closed yet.")
NO_QUORUM: Final = Said(
    "成立要件を満たしていないので、開票しません。票は開かれないまま残ります。",
    "The quorum was not met, so nothing is decrypted. The ballots stay sealed.",
)
TOO_FEW: Final = Said(
    "数える票が {minimum} 票より少ないので、開票しません。1人ひとりの選択が知られるのを防ぐためです。",
    "There are fewer than {minimum} ballots, so nothing is decrypted: it could show what single people chose.",
)
NOT_COSIGNED: Final = Said(
    "締め切りに、すべての確認立会の連署がありません(足りないのは {missing})。連署がそろってから、もう一度行ってください。",
    "The close does not carry the cosignatures of all witnesses (missing: {missing}). Try again when it does.",
)
OTHER_AGGREGATE: Final = Said(
    "この鍵は、同じ投票の別の集計を、もう開票しています。二つ目は開票しません。"
    "掲示板が書きかえられたおそれがあります。ほかの開票立会人に知らせてください。\n  前の集計 {before}\n  今の集計 {now}",
    "This key has already decrypted another aggregate of this vote. It does not decrypt a second one."
    " The board may have been rewritten; tell the other trustees.\n  before {before}\n  now    {now}",
)


def rehearsed(key: Key, value: Json) -> tuple[Manifest, Share]:
    """The rehearsal of a manifest, which tells only that the key is there. Declined for a manifest of other keys."""
    manifest = read_manifest(value)
    _check_own(key, manifest)
    aggregate = rehearsal_of(manifest)
    return manifest, _made(purpose_of_rehearsal(manifest, key.number), aggregate, key, manifest)


def decrypted(file: KeyFile, published: Published) -> Share:
    """This trustee's share of the count. The key file remembers the aggregate, durably, before it is returned."""
    board, key = published.board, file.key
    _check_own(key, board.manifest)
    _check_close(published)
    purpose = purpose_of_share(board.manifest, board.aggregate, key.number)
    vote, digest = board.manifest.vote.hex(), purpose.digest.hex()
    before = key.opened.get(vote, digest)
    if before != digest:
        raise Declined(OTHER_AGGREGATE, before=comparison_number(before), now=comparison_number(digest))
    share = _made(purpose, board.aggregate, key, board.manifest)
    if vote not in key.opened:
        file.save(key.remembering(vote, digest))
    return share


def _check_own(key: Key, manifest: Manifest) -> None:
    """The manifest is of the ceremony this key comes from, to the last byte."""
    title = manifest.title["ja"]
    if not key.secret:
        raise Declined(UNFINISHED)
    if manifest.ceremony != key.ceremony:
        raise Declined(OTHER_VOTE, title=title)
    if read_outcome(manifest.source).digest != key.public:
        raise Declined(OTHER_TRUSTEES, title=title)


def _check_close(published: Published) -> None:
    board = published.board
    match board.outcome:
        case None:
            raise Declined(NOT_CLOSED)
        case Outcome.NO_QUORUM:
            raise Declined(NO_QUORUM)
        case Outcome.TOO_FEW:
            raise Declined(TOO_FEW, minimum=MINIMUM)
    if not published.cosigned_close:
        raise Declined(NOT_COSIGNED, missing=", ".join(missing_witnesses(published)))


def missing_witnesses(published: Published) -> list[str]:
    """Who has not cosigned the close."""
    board = published.board
    signed = {
        one.witness for point in published.checkpoints if point.n == board.closed_at for one in point.cosignatures
    }
    return [name for name in board.manifest.witnesses if name not in signed]


def _made(purpose: Purpose, aggregate: Aggregate, key: Key, manifest: Manifest) -> Share:
    """A share, checked as everybody will check it before anybody sees it."""
    share = decrypt_share(purpose, aggregate, key.secret, nonces_of(key.secret, purpose, aggregate))
    trustee = manifest.trustee(key.number)
    if trustee is None or not is_share(purpose, aggregate, share, trustee.share):
        raise Declined(WRONG_KEY)
    return share
