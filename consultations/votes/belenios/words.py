"""What the exporter to Belenios says."""

from typing import Final

from consultations.votes.offline.sentences import Said

DESCRIPTION: Final = Said(
    """練習の投票を、別の人たちが作った投票システム Belenios の記録(UUID.bel)にします。Debian の belenios-tool が、票の証明から
結果までを自分の決まりで確かめ、掲示板の結果と比べます。
練習の票は開いてあるので、中身を Belenios の群で暗号にし直せます。本物の投票の票は開けないので、記録にできません。""",
    """Write a practice vote as an archive (UUID.bel) of Belenios, a voting system made by other people, so that Debian's
belenios-tool verifies it by its own rules, from the ballots' proofs to the result that our board says.
Ballots of practice are opened and so can be encrypted anew in Belenios' group. Nobody can do so with a real vote's.""",
)
EXAMPLE: Final = Said(
    """例(`sudo apt install belenios-tool` で belenios-tool が入ります)
  python -m consultations.votes.trustee dry-run 練習
  python -m consultations.votes.belenios 練習/counted.json --openings 練習/openings.json --out 練習/belenios
  belenios-tool election verify --dir 練習/belenios

終了コード: 0 書いた, 1 作れない, 2 使い方の誤り""",
    """Example (`sudo apt install belenios-tool` installs belenios-tool)
  python -m consultations.votes.trustee dry-run practice
  python -m consultations.votes.belenios practice/counted.json --openings practice/openings.json --out practice/belenios
  belenios-tool election verify --dir practice/belenios

exit status: 0 written, 1 nothing could be made, 2 misuse""",
)
BOARD_HELP: Final = Said("開票まで済んだ練習の掲示板", "the board of a practice vote that has been counted")
OPENINGS_HELP: Final = Said("開いた票(dry-run が書くもの)", "the opened ballots, as dry-run writes them")
OUT_HELP: Final = Said("UUID.bel を書く、まだないフォルダー", "a new folder for UUID.bel")

MADE: Final = Said(
    "{ballots} 票を {path} に書きました。次の命令で確かめます。\n  belenios-tool election verify --dir {folder}",
    "{ballots} ballots are in {path}. Verify them with\n  belenios-tool election verify --dir {folder}",
)

NOT_NEW: Final = Said(
    "{folder} はもうあります。まだないフォルダーの名前を指定してください。", "{folder} exists. Name a new folder."
)
NOT_COUNTED: Final = Said("開票まで済んだ掲示板ではありません。", "This board has no result yet.")
SCORES: Final = Said(
    "問い {code} は点数です。Belenios の足し合わせる問いには点数がありません。",
    "Question {code} gives points. Belenios adds up choices only.",
)
OTHER_VOTE: Final = Said("開いた票は、別の投票のものです。", "The opened ballots are those of another vote.")
NOT_OPENED: Final = Said(
    "確認番号 {confirmation} の票が開かれていません。数え直せるのは、すべての票を開いた練習の投票だけです。",
    "The ballot {confirmation} is not opened. Only a practice vote with every ballot opened can be counted again.",
)
WRONGLY_OPENED: Final = Said(
    "確認番号 {confirmation} の票は、開いたという中身と合いません。",
    "The ballot {confirmation} does not hold what its opening says.",
)
ANOTHER_SHARE: Final = Said(
    "開票立会人{trustee}の部分開票は、開いた票の合計のものではありません。",
    "The share of trustee {trustee} is no share of what the opened ballots add up to.",
)
