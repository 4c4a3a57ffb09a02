"""What the protocol refuses, as sentences for a person who can act on them."""

import re
from typing import Final

from consultations.votes.offline.sentences import Said, Voice
from consultations.votes.protocol.refusals import Refused

REFUSED: Final = Said("正しくありません: {reason}{where} [{check}]", "Not valid: {reason}{where} [{check}]")
AT_ENTRY: Final = Said("(掲示板の{n}番)", " (entry {n} of the board)")
AT_TRUSTEE: Final = Said("(開票立会人{n})", " (trustee {n})")
AT: Final = Said("({where})", " ({where})")

REASONS: Final[dict[str, Said]] = {
    "canonical": Said("決められた形のファイルではありません", "the file is not in the form the rules require"),
    "shape": Said("ファイルの項目が決まりと違います", "the file does not have the parts the rules require"),
    "limits": Said("数や長さが決まりの範囲にありません", "a number or a length is out of range"),
    "point": Said("暗号の値が正しくありません", "a cryptographic value is not allowed"),
    "scalar": Said("暗号の値が正しくありません", "a cryptographic value is not allowed"),
    "question": Said("問いの決め方が正しくありません", "a question is not set up by the rules"),
    "manifest.period": Said("投票の始まりが終わりより後です", "the vote would end before it begins"),
    "manifest.proof": Said("開票立会人が鍵を持つ証明が合いません", "a trustee's proof of having the key is wrong"),
    "manifest.share": Said("開票立会人の確認用の値が合いません", "a trustee's verifying value is wrong"),
    "manifest.key": Said("投票の鍵が、開票立会人の鍵と合いません", "the vote's key is not the trustees' key"),
    "roll": Said("名簿が、固定されたものと違います", "the roll is not the one that was frozen"),
    "board.signature": Said("掲示板の署名が合いません", "the board did not sign this"),
    "board.order": Said("記載の順序が決まりと違います", "entries are not in the required order"),
    "board.chain": Said("記載のつながりが切れています", "the chain of entries is broken"),
    "board.close": Said("締め切りの記載が、数え直した結果と違います", "the close is not what a recount gives"),
    "board.roll": Said("名簿にない人の票があります", "there is a ballot of somebody not on the roll"),
    "board.void": Said("無効にした後の票があります", "there is a ballot after its slot was made void"),
    "board.sequence": Said("同じ人の票の順序が合いません", "the ballots of one slot do not follow one another"),
    "board.revote": Said("認められていない投票し直しがあります", "there is a second ballot where none is allowed"),
    "board.audited": Said("検査した票が数えられようとしています", "an audited ballot was cast, or a cast one audited"),
    "board.not_counted": Said("開票しない投票です", "this vote is not to be counted"),
    "ballot.bit": Said("票の証明が合いません", "a ballot's proof is wrong"),
    "ballot.sum": Said("票の証明が合いません", "a ballot's proof is wrong"),
    "share.trustee": Said("部分開票の出し手が正しくありません", "a share comes from nobody, or from one trustee twice"),
    "share.proof": Said("部分開票の証明が合いません", "a share's proof is wrong"),
    "share.witnesses": Said("確認立会の連署がそろう前に開票されています", "decrypted before all witnesses saw the close"),
    "result": Said("結果が合いません", "the result is wrong"),
    "rehearsal": Said("予行開票が合いません", "the rehearsal is wrong"),
    "checkpoint": Said("掲示板の確認点が合いません", "a checkpoint of the board is wrong"),
    "receipt": Said("投票控えが合いません", "the receipt is wrong"),
    "choice": Said("選べない選択です", "this choice is not allowed"),
    "library": Said(
        "この機械の暗号ライブラリは古くて危険です。PyNaCl 1.6.2以上が要ります",
        "the cryptographic library of this machine is too old to be safe; PyNaCl 1.6.2 or newer is needed",
    ),
}  # fmt: skip


def sentence(refused: Refused, voice: Voice) -> str:
    """The refusal, with the place where it happened."""
    reason = REASONS.get(refused.check, REASONS["shape"])
    return voice.text(REFUSED, reason=reason, where=_where(refused.where, voice), check=refused.check)


def _where(where: str, voice: Voice) -> str:
    if not where:
        return ""
    for pattern, said in ((r"entry (\d+)", AT_ENTRY), (r"trustee (\d+)", AT_TRUSTEE)):
        if found := re.fullmatch(pattern, where):
            return voice.text(said, n=found[1])
    return voice.text(AT, where=where)
