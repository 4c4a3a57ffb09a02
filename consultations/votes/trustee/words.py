"""What the trustees' program says on its command line."""

from typing import Final

from consultations.votes.offline.sentences import Said
from consultations.votes.trustee.messages import Step

DESCRIPTION: Final = Said(
    """住民投票の開票立会人の道具です。投票の鍵を、開票立会人みなで分けて持ちます。決めた人数(たとえば3人のうち2人)が
そろわないと、だれも開票できません。この道具は、まちこえのサーバーともネットともつながりません。""",
    """For trustees of a municipal vote. They share its key among them: unless enough of them (two of three, say) act
together, nobody can decrypt. This program talks to no server and no network.""",
)
EXAMPLE: Final = Said(
    """3人の開票立会人が2人で開ける鍵を作り、開票するまで
  0 練習(本物の鍵は使いません)
      python -m consultations.votes.trustee dry-run 練習用のフォルダー
  1 めいめいの機械で、自分の鍵ファイルを作ります。鍵ファイルとパスフレーズは、だれにも渡しません。
      python -m consultations.votes.trustee keygen --out KEY.json
  2 集まって、USBメモリー(例では E:)を順に回します。最初の1人だけが --begin を付けます。
      python -m consultations.votes.trustee ceremony E:\\鍵づくり --key KEY.json --name 佐藤 --begin --title 市民会館の住民投票
      python -m consultations.votes.trustee ceremony E:\\鍵づくり --key KEY.json --name 鈴木
      python -m consultations.votes.trustee ceremony E:\\鍵づくり --key KEY.json --name 高橋
    あとは、画面が名前を呼んだ人に回し、同じ命令を --begin も --name も付けずに行います。3人なら3回りで終わります。
    最後に出る照合番号を、3人で声に出して比べます。同じなら ceremony.json を市の担当に渡します。
  3 控えを印刷して、封をして、金庫にしまいます。印刷したら、BACKUP.html は消します。
      python -m consultations.votes.trustee backup --key KEY.json --out BACKUP.html
  4 告示のファイルができたら、予行開票をします。2人以上が成功しないと、投票は始まりません。
      python -m consultations.votes.trustee rehearse MANIFEST.json --key KEY.json --out REHEARSAL.json
  5 締め切りの後、掲示板のファイルを受け取り、検証して部分開票します。SHARE.json を市の担当に渡します。
      python -m consultations.votes.trustee decrypt BOARD.json --key KEY.json --out SHARE.json
  鍵ファイルをなくしたら、控えから戻します。1人がなくしても、残りの2人で開票できます。
      python -m consultations.votes.trustee restore --public ceremony.json --out KEY.json""",
    """Three trustees make a key that any two can use, and decrypt
  0 A dry run, with made-up keys
      python -m consultations.votes.trustee dry-run FOLDER
  1 Everybody, on a machine of their own. Nobody gives away the key file or its passphrase.
      python -m consultations.votes.trustee keygen --out KEY.json
  2 They meet and pass a USB stick round (E: here). The first one, alone, adds --begin.
      python -m consultations.votes.trustee ceremony E:\\keys --key KEY.json --name Sato --begin --title "Civic hall"
      python -m consultations.votes.trustee ceremony E:\\keys --key KEY.json --name Suzuki
      python -m consultations.votes.trustee ceremony E:\\keys --key KEY.json --name Takahashi
    Then whoever is called runs the same without --begin and --name; three trustees are done in three rounds.
    At the end everybody reads the comparison number aloud. If it is the same, ceremony.json goes to the city.
  3 Print the backup, seal it in an envelope, lock it away, and delete BACKUP.html.
      python -m consultations.votes.trustee backup --key KEY.json --out BACKUP.html
  4 When the manifest is there, rehearse. Without two successful rehearsals the vote does not open.
      python -m consultations.votes.trustee rehearse MANIFEST.json --key KEY.json --out REHEARSAL.json
  5 After the close, fetch the board, verify and decrypt it. SHARE.json goes to the city.
      python -m consultations.votes.trustee decrypt BOARD.json --key KEY.json --out SHARE.json
  A lost key file is restored from paper. Should one trustee lose everything, the other two can still decrypt.
      python -m consultations.votes.trustee restore --public ceremony.json --out KEY.json""",
)

KEYGEN_HELP: Final = Said("自分の鍵ファイルを作る", "make one's own key file")
CEREMONY_HELP: Final = Said(
    "鍵づくりを、今できるところまで進める", "go on with the key ceremony as far as now possible"
)
BACKUP_HELP: Final = Said("印刷する控えを作る", "make the backup to print")
RESTORE_HELP: Final = Said("控えから鍵ファイルを戻す", "restore a key file from its backup")
REHEARSE_HELP: Final = Said("予行開票をする(投票を始める前)", "rehearse, before the vote opens")
DECRYPT_HELP: Final = Said(
    "掲示板を検証して部分開票する(締め切りの後)", "verify the board and decrypt, after the close"
)
INSPECT_HELP: Final = Said("ファイルが何であるかを調べる", "say what a file is")
DRY_RUN_HELP: Final = Said("作り物の鍵で、初めから終わりまで練習する", "practise everything with made-up keys")

KEY_HELP: Final = Said("自分の鍵ファイル", "one's own key file")
KEY_OUT_HELP: Final = Said("新しく作る鍵ファイル(上書きしません)", "the key file to make; never overwritten")
PASSPHRASE_HELP: Final = Said(
    "パスフレーズを打つ代わりに読むファイル(自動の処理用)", "read the passphrase from this file, for scripts"
)
FOLDER_HELP: Final = Said("順に回すフォルダー", "the folder that is passed round")
NAME_HELP: Final = Said("自分の名前(告示に載ります。初めの1回だけ)", "one's name, as published; the first time only")
BEGIN_HELP: Final = Said("新しい鍵づくりを始める(最初の1人だけ)", "begin a new ceremony: the first trustee only")
TITLE_HELP: Final = Said("投票の名前(--begin のとき)", "the vote's name, with --begin")
TRUSTEES_HELP: Final = Said(
    "開票立会人の人数(--begin のとき。初期値 3)", "number of trustees, with --begin (default 3)"
)
THRESHOLD_HELP: Final = Said(
    "開票に要る人数(--begin のとき。初期値 2)", "how many must decrypt, with --begin (default 2)"
)
MANIFEST_HELP: Final = Said("告示のファイル", "the vote's manifest")
BOARD_HELP: Final = Said("掲示板のファイル", "the board's file")
REHEARSAL_OUT_HELP: Final = Said("予行開票を書くファイル", "the file to write the rehearsal to")
SHARE_OUT_HELP: Final = Said("部分開票を書くファイル", "the file to write the share to")
BACKUP_OUT_HELP: Final = Said(
    "印刷する控えを書くファイル(.html か .txt)。なければ画面に出します",
    "the page to print (.html or .txt); without it the words are shown on the screen",
)
PUBLIC_HELP: Final = Said(
    "公表された ceremony.json、告示、掲示板のどれか", "the published ceremony.json, manifest or board"
)
WORDS_HELP: Final = Said(
    "控えの5行を打ったファイル。なければ1行ずつ聞きます", "a file with the five lines; without it they are asked for"
)
INSPECTED_HELP: Final = Said("調べるファイル", "the file in question")
AGAINST_HELP: Final = Said(
    "部分開票をこの掲示板(予行開票は告示)と照らす",
    "check a share against this board, a rehearsal against this manifest",
)
PRACTICE_HELP: Final = Said("新しく作る練習用のフォルダー", "a new folder to practise in")

KEY_MADE: Final = Said(
    "鍵ファイル {path} を作りました。このファイルとパスフレーズを、だれにも渡さないでください。\n"
    "次は、開票立会人みなで ceremony を行います。",
    "The key file {path} is made. Give neither it nor its passphrase to anybody.\nNext: the ceremony of all trustees.",
)
DEFAULT_NAME: Final = Said("開票立会人{number}", "trustee {number}")
ASK_NAME: Final = Said("あなたの名前(告示に載ります): ", "Your name, as it will be published: ")
BAD_THRESHOLD: Final = Said(
    "開票立会人は1人から9人、開票に要る人数は1人からその人数までです。",
    "There can be 1 to 9 trustees, and between 1 and all of them must decrypt.",
)
ALL_NEEDED: Final = Said(
    "注意: 全員がそろわないと開票できない決め方です。1人でも鍵をなくすと、だれにも開票できません。",
    "Mind: all trustees are needed. If one key is lost, nobody can ever decrypt this vote.",
)
ONE_SUFFICES: Final = Said(
    "注意: 1人だけで開票できる決め方です。その1人は、1票ずつでも開けます。",
    "Mind: one trustee alone can decrypt, even single ballots.",
)
SEAT: Final = Said(
    "鍵づくり「{title}」: あなたは {number}番 {name} です。{trustees} 人のうち {threshold} 人で開票します。",
    "Ceremony “{title}”: you are trustee {number}, {name}. Any {threshold} of {trustees} decrypt.",
)
STEPS: Final[dict[Step, Said]] = {
    Step.HASH: Said("  ○ 席につき、鍵の指紋を書きました(1/4)",
                    "  done: took a seat and left a hash of the key's commitments (1/4)"),
    Step.COMMITMENT: Said("  ○ みなの指紋を確かめ、鍵の公開部分を書きました(2/4)", "  done: published the commitments (2/4)"),
    Step.SHARES: Said("  ○ 公開部分を指紋と照らし、ほかの人あての鍵の部分を封をして書きました(3/4)",
                      "  done: checked the others' commitments against their hashes, and sealed a share for each (3/4)"),
    Step.CONFIRMATION: Said("  ○ 届いた鍵の部分をすべて確かめ、鍵ファイルに入れました(4/4)",
                            "  done: checked all shares received, and put the key into the key file (4/4)"),
}  # fmt: skip
NOTHING_NEW: Final = Said("  今できることは済んでいます。", "  All that can be done now is done.")
NEXT_PERSON: Final = Said("次は {next} に回してください。待っている人: {all}", "Pass it to {next}. Awaited: {all}")
PERSON: Final = Said("{number}番 {name}さん", "trustee {number}, {name}")
NEXT_SEAT: Final = Said(
    "あと {count} 人が席についていません。次の人に回してください。",
    "{count} more have to take a seat. Pass it to the next of them.",
)
FINISHED: Final = Said(
    "鍵づくりが終わりました。{path} を市の担当に渡してください(公開してよいファイルです)。\n次は backup で控えを印刷します。",
    "The ceremony is done. Give {path} to the city; it may be published.\nNext: print the backup.",
)
DIGITS: Final = Said(
    "照合番号: {digits}\n  全員の画面のこの番号を、声に出して比べてください。1人でも違えば、この鍵を使ってはいけません。",
    "Comparison number: {digits}\n  Read it aloud, each from your own screen. If one differs, do not use this key.",
)
BACKED_UP: Final = Said(
    "控えを {path} に書きました。印刷して封をし、このファイルは消してください。中身を見た人は鍵を使えます。",
    "The backup is in {path}. Print it, seal it, and delete the file: whoever reads it has the key.",
)
ASK_LINE: Final = Said("控えの{line}行目: ", "Line {line} of the backup: ")
WRONG_LINES: Final = Said(
    "控えは5行ですが、{path} には {lines} 行あります。", "The backup has five lines, and {path} has {lines}."
)
RESTORED: Final = Said(
    "{number}番 {name} の鍵ファイルを {path} に戻しました。この鍵は、前に開票したことを覚えていません。"
    "開票を済ませた投票には使わないでください。",
    "The key file of trustee {number}, {name}, is restored in {path}. It does not remember what was decrypted before;"
    " do not use it for a vote that you have decrypted.",
)
REHEARSED: Final = Said(
    "予行開票ができました: 「{title}」、{number}番 {name}。{out} を市の担当に渡してください。\n  投票の識別番号 {vote}",
    "Rehearsed: “{title}”, trustee {number}, {name}. Give {out} to the city.\n  vote {vote}",
)
VERIFYING: Final = Said("掲示板を初めから検証しています…", "Verifying the board from its first entry …")
NOT_VALID: Final = Said(
    "掲示板の検証に失敗しました。開票していません。", "The board failed verification. Nothing was decrypted."
)
DECRYPTED: Final = Said(
    "「{title}」の {ballots} 票の合計を、部分開票しました。{out} を市の担当に渡してください。\n"
    "  1票ずつの中身は開いていません。同じ集計なら、何度でも同じものが作れます。",
    "Decrypted your part of the sum of {ballots} ballots of “{title}”. Give {out} to the city.\n"
    "  No single ballot was opened. Asked again for the same sum, the same file comes out.",
)
AGAIN: Final = Said(
    "  前にも開票した集計です。同じ部分開票を書きました。",
    "  This sum was decrypted before; the same share is written.",
)
FROM_PAPER: Final = Said(
    "注意: この鍵は控えから戻したもので、前の開票を覚えていません。",
    "Mind: this key was restored from paper and does not remember earlier decryptions.",
)
