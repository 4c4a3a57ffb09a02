"""What the protocol refuses, as sentences for a person who can act on them."""

import re
from typing import Final

from consultations.votes.offline.sentences import Said, Voice
from consultations.votes.protocol.refusals import Refused

REFUSED: Final = Said("正しくありません: {reason}{where} [{check}]", "Not valid: {reason}{where} [{check}]")
AT_ENTRY: Final = Said("(掲示板の{n}番)", " (entry {n} of the board)")
AT_TRUSTEE: Final = Said("(開票立会人{n})", " (trustee {n})")
AT_STEP: Final = Said("(第{n}段)", " (step {n})")
AT_STEP_OF: Final = Said("(第{n}段、{name})", " (step {n}, {name})")
AT_BALLOT: Final = Said("({n}番目の票)", " (ballot {n})")
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
    "sealed.alike": Said("同じ名前か同じ鍵の人が、2人います", "two people have the same name or the same key"),
    "sealed.again": Said(
        "この鍵は、同じ段の別のファイルを、もう開けています。2つを比べると1票の中身が分かるので、開けません。"
        "票が書きかえられたおそれがあります。ほかの開封立会人に知らせてください",
        "this key has opened another file of this step before; comparing the two would tell single ballots, so it is not"
        " opened. The ballots may have been changed: tell the other openers",
    ),
    "sealed.ballots": Said(
        "封をした票と照合票が、締め切りのときに公表されたものと違います",
        "ballots and control ballots are not those announced at the close",
    ),
    "sealed.chain": Said("前の段の記録につながっていません", "the record does not continue the one before"),
    "sealed.closing": Said(
        "最後の封から出た中身が、公表された鍵で開け直したものと違います",
        "what came out of the closing layer is not what its published key opens",
    ),
    "sealed.controls": Said("照合票のファイルが、締め切りのときに公表されたものではありません",
                            "these are not the control ballots announced at the close"),
    "sealed.cover": Said("票の係の鍵ではありません", "this is not the keeper's key"),
    "sealed.counts": Said("入った票の数と、出た票の数が合いません", "what came in is not what went out and was named"),
    "sealed.done": Said("もう最後まで開いています。次は count です", "all is open already; next is count"),
    "sealed.evidence": Said("除かれた票が、その段のファイルにありません", "a box that was taken out never stood in the file"),
    "sealed.few": Said("10票より少ないので、開けません", "fewer than ten ballots are never opened"),
    "sealed.fork": Said("記録が食い違うファイルがあります", "the files do not have the same records"),
    "sealed.hash": Said("票が、記録されたものと違います", "the boxes are not those that were recorded"),
    "sealed.incomplete": Said("ファイルがそろっていません", "a file is missing"),
    "sealed.keeper": Said("この投票の票の係の鍵ファイルではありません", "this key file is not the keeper's of this vote"),
    "sealed.length": Said("長さの違う票があります。途中で切れたか、別の投票のものです",
                          "a box has a wrong length: it is cut off, or of another vote"),
    "sealed.limits": Said("限界の説明が書きかえられています", "the text of the limits was changed"),
    "sealed.method": Said("この決まりの票は、この方法では数えられません", "ballots of these rules are not counted by this method"),
    "sealed.missing": Said("この票は、締め切りのファイルに入っていません。市に申し出てください",
                           "this ballot is not in the file of the close; tell the city"),
    "sealed.opener": Said("開封立会人か票の係のファイルの署名が合いません",
                          "the file of an opener, or of the keeper, is not signed by its key"),
    "sealed.order": Said("票が並べかえられていないか、同じ票が2つあります", "boxes are not sorted, or one stands there twice"),
    "sealed.other_vote": Said(
        "この鍵ファイルは、別の投票を開けています。鍵ファイルは1つの投票に1つです",
        "this key file has opened another vote; every vote needs a key file of its own",
    ),
    "sealed.signature": Said("記録の署名が合いません", "the record is not signed by whose it is"),
    "sealed.stranger": Said("この鍵ファイルは、この投票の開封立会人のものではありません",
                            "this key file belongs to no opener of this vote"),
    "sealed.swapped": Said("照合票がなくなっています。この段で、票が抜かれたか、すりかえられました",
                           "a control ballot is gone: in this step ballots were taken out or swapped"),
    "sealed.turn": Said("順番が違います", "it is not this opener's turn"),
    "sealed.vote": Said("別の投票のファイルです", "the file belongs to another vote"),
}  # fmt: skip
PLACES: Final = (
    (r"entry (?P<n>\d+)", AT_ENTRY),
    (r"trustee (?P<n>\d+)", AT_TRUSTEE),
    (r"step (?P<n>\d+)", AT_STEP),
    (r"step (?P<n>\d+): (?P<name>.+)", AT_STEP_OF),
    (r"ballot (?P<n>\d+)", AT_BALLOT),
)


def sentence(refused: Refused, voice: Voice) -> str:
    """The refusal, with the place where it happened."""
    reason = REASONS.get(refused.check, REASONS["shape"])
    return voice.text(REFUSED, reason=reason, where=_where(refused.where, voice), check=refused.check)


def _where(where: str, voice: Voice) -> str:
    if not where:
        return ""
    for pattern, said in PLACES:
        if found := re.fullmatch(pattern, where):
            return voice.text(said, **found.groupdict())
    return voice.text(AT, where=where)
