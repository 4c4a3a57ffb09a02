"""What the witness program says."""

from typing import Final

from consultations.votes.offline.sentences import Said

DESCRIPTION: Final = Said(
    """住民投票の確認立会の手順です。公開掲示板が途中で書きかえられていないことを、前に見たものと比べて確かめ、連署します。
前に見た掲示板の続きでないものには、決して連署しません。""",
    """For witnesses of a municipal vote: check that the public board only grew since you saw it last, and cosign it.
What is not a continuation of what was seen is never cosigned.""",
)
EXAMPLE: Final = Said(
    """例
  1 はじめに一度だけ: 鍵と記録のファイルを作り、WITNESS.json を市の担当に渡します。
      python -m consultations.votes.witness init --name となり市 --state STATE.json --out WITNESS.json
  2 投票の間(10分ごとなど)と、締め切りの後: 掲示板のファイルを受け取って連署し、COSIGNATURE.json を返します。
      python -m consultations.votes.witness cosign BOARD.json --state STATE.json --out COSIGNATURE.json
  3 担当の側: 連署を掲示板のファイルに付けます(サーバーも同じことをします)。
      python -m consultations.votes.witness attach BOARD.json COSIGNATURE.json --out BOARD-2.json

STATE.json は、この機械から出さず、だれにも渡さず、古い写しに戻さないでください。戻すと、一度見たことを忘れます。""",
    """Example
  1 Once, at first: make the key and the record, and give WITNESS.json to the city.
      python -m consultations.votes.witness init --name "Next City" --state STATE.json --out WITNESS.json
  2 While people vote (every ten minutes, say) and after the close: fetch the board, cosign, send the cosignature back.
      python -m consultations.votes.witness cosign BOARD.json --state STATE.json --out COSIGNATURE.json
  3 At the city: attach the cosignature to the board's file (the server does the same).
      python -m consultations.votes.witness attach BOARD.json COSIGNATURE.json --out BOARD-2.json

Never give STATE.json away, nor go back to an older copy of it: it would forget what it has seen.""",
)
INIT_HELP: Final = Said("鍵と記録のファイルを作る", "make the key and the record")
COSIGN_HELP: Final = Said("掲示板の続きであることを確かめて連署する", "check that the board only grew, and cosign it")
ATTACH_HELP: Final = Said("連署を掲示板のファイルに付ける", "attach a cosignature to a board file")
NAME_HELP: Final = Said("確認立会の名前(告示に載る名前)", "the witness's name as the manifest has it")
STATE_HELP: Final = Said("鍵と、これまでに見た内容の記録", "the key and the record of what was seen")
WITNESS_OUT_HELP: Final = Said("公開してよい名前と鍵のファイル", "the file with name and public key, to be given away")
BOARD_HELP: Final = Said("掲示板のファイル", "the board's file")
COSIGNATURE_OUT_HELP: Final = Said("連署を書くファイル", "the file to write the cosignature to")
COSIGNATURE_HELP: Final = Said("連署のファイル", "a file with a cosignature")
BOARD_OUT_HELP: Final = Said("連署を付けた掲示板を書くファイル", "the file to write the board with the cosignature to")

MADE: Final = Said(
    "{name} の鍵を作りました。{out} を市の担当に渡してください。{state} はこの機械から出さないでください。",
    "The key of {name} is made. Give {out} to the city. Keep {state} on this machine.",
)
FIRST: Final = Said(
    "この投票の掲示板を初めて見ました。これからは、これより前に戻ったものに連署しません。",
    "This board is seen for the first time. From now on nothing that goes back behind it is cosigned.",
)
COSIGNED: Final = Said(
    "「{title}」の掲示板の{n}番までを検証し、連署しました。{out} を市の担当に返してください。",
    "Verified “{title}” up to entry {n} and cosigned it. Send {out} back to the city.",
)
ATTACHED: Final = Said("{witness} の連署を付けました: {out}", "Attached the cosignature of {witness}: {out}")

BAD_STATE: Final = Said(
    "{path} は確認立会の記録ではないか、壊れています。控えの写しに戻さず、市の担当と相談してください。",
    "{path} is no record of a witness, or is damaged. Do not go back to a copy; talk to the city.",
)
NO_CHECKPOINT: Final = Said(
    "掲示板に確認点がまだありません。後でもう一度行ってください。", "The board has no checkpoint yet. Try again later."
)
NOT_NAMED: Final = Said(
    "「{title}」の告示に、「{name}」が、この鍵で載っていません。",
    "The manifest of “{title}” does not name {name} with this key.",
)
HEADS: Final = Said(
    "\n前に見た掲示板の署名\n  {before}\n今の掲示板の署名\n  {now}\nこの二つを証拠として保管してください。",
    "\nwhat the board signed before\n  {before}\nwhat it signs now\n  {now}\nKeep both as evidence.",
)
OLDER: Final = Said(
    "連署しません。掲示板は前に {seen} 番まであったのに、今の確認点は {n} 番までです。{heads}",
    "Not cosigned. The board had {seen} entries before, and this checkpoint has {n}.{heads}",
)
EARLIER: Final = Said(
    "連署しません。今の確認点の時刻が、前に見たものより前です。{heads}",
    "Not cosigned. The time of this checkpoint is before that of the one seen.{heads}",
)
FORK: Final = Said(
    "連署しません。前に見た {seen} 番までの内容が、書きかえられています。{heads}",
    "Not cosigned. The board has been rewritten within its first {seen} entries, which were seen before.{heads}",
)
HEAD: Final = Said("{n}番 時刻 {time} ハッシュ {hash}\n  署名 {signature}",
                   "entry {n} time {time} hash {hash}\n  signature {signature}")  # fmt: skip
NO_SUCH_HEAD: Final = Said(
    "この連署に当たる確認点が、掲示板にありません。", "The board has no checkpoint that this is a cosignature of."
)
