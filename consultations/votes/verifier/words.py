"""The sentences of the report, in Japanese and English. Written for the reader at a city hall, not for a cryptographer."""

LANGUAGES = ("ja", "en")
Words = tuple[str, str]  # in the order of LANGUAGES

STEPS: dict[str, Words] = {
    "form": ("ファイルの書き方と大きさ", "Form and size of the file"),
    "manifest": ("投票の定義と名簿（枠の一覧）", "Definition of the vote and roll of slots"),
    "trustees": ("開票立会人の鍵とリハーサル", "Keys of the trustees and their rehearsal"),
    "board": ("公開掲示板のつながりと署名", "Chain and signatures of the board"),
    "ballots": ("投票の一件一件", "Every single ballot"),
    "close": ("締切時の集計", "Sums at the close"),
    "result": ("開票と結果", "Opening and result"),
    "checkpoints": ("確認点と確認立会の署名", "Checkpoints and the witnesses' signatures"),
    "kept": ("お手元の投票控え・検査・確認点", "Receipts, audited ballots and checkpoints you kept"),
}

CHECKS: dict[str, tuple[str, str, str]] = {  # name → step, meaning of its failure in each language
    "size": ("form", "ファイルが2GBを超えています。", "The file is larger than 2 GB."),
    "depth": ("form", "入れ子が16段を超えています。", "The file is nested deeper than 16 levels."),
    "canonical": (
        "form",
        "決められた書き方（正準JSON）と1バイトでも違います。",
        "The file is not spelled exactly as prescribed (canonical JSON).",
    ),
    "shape": (
        "form",
        "項目、種類、桁数が決まりと違います。",
        "Keys, kinds of values or lengths are not as prescribed.",
    ),
    "limit": ("form", "数や長さが決められた範囲を超えています。", "A number or a length is outside the limits."),
    "scalar": ("form", "証明の数が決められた範囲の外にあります。", "A number of a proof is outside its range."),
    "point": ("form", "暗号の値が正しい点ではありません。", "A cryptographic value is not a proper point."),
    "manifest": ("manifest", "投票の定義に食い違いがあります。", "The definition of the vote contradicts itself."),
    "question": ("manifest", "設問の条件が決まりに合いません。", "A question does not follow the rules of its kind."),
    "register": (
        "manifest",
        "枠の一覧が、投票前に凍結した名簿と違います。",
        "The slots are not those frozen before the vote opened.",
    ),
    "trustee_proof": (
        "trustees",
        "開票立会人が自分の鍵を持つ証明が正しくありません。",
        "A trustee's proof of knowing their own key is wrong.",
    ),
    "trustee_keys": (
        "trustees",
        "投票の鍵が、開票立会人の鍵から作られていません。",
        "The key of the vote is not made of the trustees' keys.",
    ),
    "rehearsal": (
        "trustees",
        "開票のリハーサルが成り立っていません。",
        "The rehearsal of the opening did not succeed.",
    ),
    "order": (
        "board",
        "記録の順番が決まりと違います（締切後の投票など）。",
        "Entries stand in a forbidden order (a ballot after the close, for example).",
    ),
    "chain": (
        "board",
        "記録のつながりが切れています（削除、追加、並べ替え）。",
        "The chain of entries is broken (removed, added or reordered).",
    ),
    "entry_signature": ("board", "記録に公開掲示板の署名がありません。", "An entry lacks the board's signature."),
    "roll": ("ballots", "名簿にない枠からの投票です。", "A ballot comes from a slot that is not on the roll."),
    "sequence": (
        "ballots",
        "その枠の前の投票に続いていません（古い投票の再掲など）。",
        "A ballot does not continue its slot (an old ballot put back, for example).",
    ),
    "revote": ("ballots", "再投票のできない投票での再投票です。", "A second ballot where the first is final."),
    "voided": ("ballots", "無効にした枠に、記録が続いています。", "A slot goes on after it was voided."),
    "audited": (
        "ballots",
        "検査した投票を投じたか、投じた投票を検査しています。",
        "An audited ballot was cast, or a cast ballot audited, or one audited twice.",
    ),
    "bit": (
        "ballots",
        "各選択肢が0か1であることの証明が正しくありません。",
        "The proof that each position holds 0 or 1 is wrong.",
    ),
    "sum": (
        "ballots",
        "選んだ数が決まりの範囲にあることの証明が正しくありません。",
        "The proof that as many choices were made as allowed is wrong.",
    ),
    "close": (
        "close",
        "締切時の投票数か判定が、数え直しと違います。",
        "Numbers or outcome of the close differ from the recount.",
    ),
    "aggregate": (
        "close",
        "集計した暗号文が、数え直しと違います。",
        "The encrypted sums differ from those of the ballots.",
    ),
    "unwitnessed": (
        "result",
        "確認立会の全員の署名がないまま開票しています。",
        "The vote was opened before every witness had cosigned the close.",
    ),
    "share": (
        "result",
        "開票立会人の開票の値が正しくありません。",
        "What a trustee contributed to the opening is wrong or was given twice.",
    ),
    "threshold": (
        "result",
        "必要な人数の開票立会人で開票していません。",
        "Not exactly as many trustees as needed opened the vote.",
    ),
    "result": ("result", "結果が数え直しと違います。", "The result differs from the recount."),
    "checkpoint": (
        "checkpoints",
        "確認点が公開掲示板の内容と合いません。",
        "A checkpoint does not agree with the entries or with its predecessor.",
    ),
    "checkpoint_signature": (
        "checkpoints",
        "確認点に公開掲示板の署名がありません。",
        "A checkpoint lacks the board's signature.",
    ),
    "cosignature": (
        "checkpoints",
        "確認立会の署名が正しくありません。",
        "The signature of a witness is wrong.",
    ),
    "fork": (
        "checkpoints",
        "公開掲示板が、同じ番号に2つの内容を署名しています。両方の署名を保存し、公表してください。",
        "The board signed two contents for one number. Keep and publish both signatures.",
    ),
    "shortened": (
        "kept",
        "お手元の確認点より短い公開掲示板です。新しいファイルで再度確かめ、同じなら公表してください。",
        "The board is shorter than the checkpoint you kept. Try a fresh copy; if it stays so, publish your checkpoint.",
    ),
    "missing": (
        "kept",
        "控えの投票が公開掲示板にありません。控えは証拠です。新しいファイルで再度確かめ、投票の担当課と確認立会に控えを示してください。",
        "The ballot of this receipt is missing. The receipt is proof: "
        "try a fresh copy, then show it to the vote's office and the witnesses.",
    ),
    "other_vote": ("kept", "別の投票のものです。", "It belongs to another vote."),
    "receipt_signature": (
        "kept",
        "控えに公開掲示板の署名がありません。証拠になりません。",
        "The receipt lacks the board's signature; it proves nothing.",
    ),
    "encryption": (
        "kept",
        "検査した投票の中身が、選んだものと違います。投票の担当課と確認立会に知らせてください。",
        "The audited ballot does not hold what was chosen. Tell the vote's office and the witnesses.",
    ),
    "unaudited": (
        "kept",
        "この検査の記録が公開掲示板にありません。新しいファイルで再度確かめてください。",
        "The board has no entry of this audit. Try a fresh copy.",
    ),
}

STATUSES: dict[str, Words] = {
    "included": ("公開掲示板にあります。", "Included."),
    "not_yet": (
        "公開掲示板にありますが、まだ確認点に入っていません。次の確認点のあと、もう一度お確かめください。",
        "Included, but not yet in a checkpoint. Look again after the next one.",
    ),
    "right": ("選んだとおりに暗号化されていました。", "It holds what was chosen."),
    "same": ("公開掲示板と一致します。", "It agrees with the board."),
}

KINDS: dict[str, Words] = {
    "receipt": ("投票控え", "Receipt"),
    "audited": ("検査した投票", "Audited ballot"),
    "checkpoint": ("確認点", "Checkpoint"),
}

STAGES: dict[str, Words] = {
    "new": ("投票開始前", "not yet open"),
    "open": ("投票受付中", "open"),
    "closed": ("締切済み、開票待ち", "closed, to be opened"),
    "counted": ("開票済み", "counted"),
    "no_quorum": ("不成立（成立要件を満たさないため開票しません）", "not counted: the quorum was not met"),
    "too_few": ("開票しません（10票未満）", "not counted: fewer than 10 ballots"),
}

COUNTS: dict[str, Words] = {
    "slots": ("名簿の枠", "Slots on the roll"),
    "entries": ("記録", "Entries"),
    "cast": ("投票（再投票を含む）", "Ballots, with re-votes"),
    "revotes": ("うち再投票", "Re-votes among them"),
    "audits": ("検査", "Audits"),
    "paper": ("紙で投票したため無効にした枠", "Slots voided for a paper vote"),
    "struck": ("名簿から外れたため無効にした枠", "Slots struck off the roll"),
    "counted": ("数える投票", "Ballots that count"),
    "shares": ("開票立会人の開票", "Trustees' shares"),
    "checkpoints": ("確認点", "Checkpoints"),
}

LABELS: dict[str, Words] = {
    "valid": ("正しい公開掲示板です。すべての検査に合格しました。", "VALID. Every check passed."),
    "invalid": ("正しくありません。次の検査に合格しませんでした。", "NOT VALID. These checks failed."),
    "vote": ("投票の番号", "Vote id"),
    "title": ("投票", "Vote"),
    "stage": ("段階", "Stage"),
    "head": ("最後の記録のハッシュ値", "Hash of the last entry"),
    "checked": ("確かめたこと", "What was checked"),
    "counts": ("数", "Counts"),
    "totals": ("数え直した結果", "Totals, recounted"),
    "unsure": ("公開掲示板が正しくないため、数は参考です。", "The board is not valid: take the numbers with care."),
    "kept": ("お手元のファイル", "Files you kept"),
    "failures": ("合格しなかった検査", "Failed checks"),
    "entry": ("掲示板の番号", "entry"),
    "more": ("ほか", "more:"),
    "blank": ("白票", "Blank votes"),
    "passed": ("合格", "passed"),
    "failed": ("不合格", "FAILED"),
    "unreached": ("未検査", "not checked"),
    "later": ("まだ", "not yet"),
    "unfit": (
        "このPythonかPyNaClでは確かめられません。Python 3.11以上とPyNaCl 1.6.2以上を入れてください。",
        "This Python or PyNaCl cannot be trusted here. Install Python 3.11 and PyNaCl 1.6.2, or later.",
    ),
    "unreadable": ("ファイルを読めません", "Cannot read the file"),
    "stopped": ("検査を最後まで行えませんでした", "The check could not be finished"),
}


def say(words: Words, language: str) -> str:
    return words[LANGUAGES.index(language)]


def meaning(check: str, language: str) -> str:
    return CHECKS[check][1 + LANGUAGES.index(language)]
