"""What the openers' program says."""

from typing import Final

from consultations.votes.offline.sentences import Said
from consultations.votes.sealed.manifest import LIMITS as LIMITS_OF_THE_MODE

LIMITS: Final = Said("【限界】" + LIMITS_OF_THE_MODE["ja"], "Limits: " + LIMITS_OF_THE_MODE["en"])

DESCRIPTION: Final = Said(
    """順位や自由記述の投票(封印方式)の道具です。票は、開封立会人の人数だけ重ねた封に入っています。締め切りの後、開封立会人が順に
1枚ずつ封を開け、並べかえて次の人に渡します。いちばん外の覆いは、票の係が締め切りのときに外します。この道具は、まちこえのサーバーともネットともつながりません。""",
    """For votes by ranking or free text (sealed mode). A ballot lies in as many seals as there are openers. After the close
each in turn takes off one layer, sorts all boxes and passes them on. A keeper takes the cover off before.
This program talks to no server and no network.""",
)
EXAMPLE: Final = Said(
    """2人の開封立会人で、4つの案に順位を付けてもらい、2つを選ぶまで
  1 票の係と開封立会人がめいめいの機械で、自分の鍵ファイルを作ります。KEEPER.json や OPENER-1.json は市の担当に渡します。
    鍵ファイルは、写しを別の場所に保管します。1人でもなくすと、だれにも開けられません。票の係は開封立会人を兼ねません。
      python -m consultations.votes.sealed keygen --name 田中 --out KEY-0.json --public KEEPER.json
      python -m consultations.votes.sealed keygen --name 佐藤 --out KEY-1.json --public OPENER-1.json
      python -m consultations.votes.sealed keygen --name 鈴木 --out KEY-2.json --public OPENER-2.json
  2 担当が、決まりと係を固めた告示を作ります。
      python -m consultations.votes.sealed prepare OPENER-1.json OPENER-2.json --keeper KEEPER.json --title 新しい施設 \\
          --candidates 図書館 公園 プール 劇場 --least 1 --out MANIFEST.json
  3 票に封をします。CHOICES.json は選択の並びで、例は [[["o02"],["o01"]], [["o04"]]] (2票)です。
    封をした票 BALLOTS.json は投票控えになります。選択は入っていません。
      python -m consultations.votes.sealed seal MANIFEST.json CHOICES.json --out BALLOTS.json
  4 票の係が締め切ります。覆いを外し、見分けのつかない照合票を混ぜて並べかえます。
    CONTROLS.json は、開け終わるまでだれにも見せず、写しも取ります。
      python -m consultations.votes.sealed close MANIFEST.json BALLOTS.json --key KEY-0.json --keep CONTROLS.json \\
          --out STEP-0.json
  5 開封立会人が順に開けます。最後の封は、1番の人がもう一度開けます。
      python -m consultations.votes.sealed open STEP-0.json --key KEY-1.json --out STEP-1.json
      python -m consultations.votes.sealed open STEP-1.json --key KEY-2.json --out STEP-2.json
      python -m consultations.votes.sealed open STEP-2.json --key KEY-1.json --out STEP-3.json
  6 CONTROLS.json と STEP のすべてを公表します。だれでも確かめ、数えられます。
      python -m consultations.votes.sealed check STEP-0.json STEP-1.json STEP-2.json STEP-3.json \\
          --controls CONTROLS.json --ballots BALLOTS.json
      python -m consultations.votes.sealed count STEP-0.json STEP-1.json STEP-2.json STEP-3.json \\
          --controls CONTROLS.json --method wigm --seats 2 --out RESULT.json""",
    """Two openers; people rank four proposals, and two are chosen
  1 The keeper and every opener make a key file on a machine of their own. KEEPER.json and OPENER-1.json go to the city.
    Keep a copy of the key file elsewhere: if one of them loses it, nobody can open the vote. The keeper is no opener.
      python -m consultations.votes.sealed keygen --name Tanaka --out KEY-0.json --public KEEPER.json
      python -m consultations.votes.sealed keygen --name Sato --out KEY-1.json --public OPENER-1.json
      python -m consultations.votes.sealed keygen --name Suzuki --out KEY-2.json --public OPENER-2.json
  2 The city fixes rules, keeper and openers in a manifest.
      python -m consultations.votes.sealed prepare OPENER-1.json OPENER-2.json --keeper KEEPER.json --title "New places" \\
          --candidates Library Park Pool Theatre --least 1 --out MANIFEST.json
  3 Ballots are sealed. CHOICES.json is a list of choices, such as [[["o02"],["o01"]], [["o04"]]] (two ballots).
    The sealed ballots, BALLOTS.json, are their voters' receipts; no choice can be read from them.
      python -m consultations.votes.sealed seal MANIFEST.json CHOICES.json --out BALLOTS.json
  4 The keeper closes: the covers come off, and control ballots that look the same are mixed in.
    Show CONTROLS.json to nobody until all is open; keep a copy.
      python -m consultations.votes.sealed close MANIFEST.json BALLOTS.json --key KEY-0.json --keep CONTROLS.json \\
          --out STEP-0.json
  5 One opener after the other. The closing layer is opened by the first one again.
      python -m consultations.votes.sealed open STEP-0.json --key KEY-1.json --out STEP-1.json
      python -m consultations.votes.sealed open STEP-1.json --key KEY-2.json --out STEP-2.json
      python -m consultations.votes.sealed open STEP-2.json --key KEY-1.json --out STEP-3.json
  6 Publish CONTROLS.json and all STEP files. Everybody can check and count.
      python -m consultations.votes.sealed check STEP-0.json STEP-1.json STEP-2.json STEP-3.json \\
          --controls CONTROLS.json --ballots BALLOTS.json
      python -m consultations.votes.sealed count STEP-0.json STEP-1.json STEP-2.json STEP-3.json \\
          --controls CONTROLS.json --method wigm --seats 2 --out RESULT.json""",
)

KEYGEN_HELP: Final = Said("自分の鍵ファイルを作る(開封立会人、票の係)", "make one's own key file (openers, keeper)")
PREPARE_HELP: Final = Said(
    "決まりと係を固めた告示を作る(市の担当)", "fix rules, keeper and openers in a manifest (the city)"
)
SEAL_HELP: Final = Said("票に封をする", "seal ballots")
CLOSE_HELP: Final = Said(
    "締め切り、覆いを外し、照合票を混ぜて並べかえる(票の係)",
    "close: take the covers off, mix in control ballots, sort (the keeper)",
)
OPEN_HELP: Final = Said("封を1枚開けて並べかえる(開封立会人)", "take off one layer and sort (an opener)")
COUNT_HELP: Final = Said("確かめて、数える", "check, then count")
CHECK_HELP: Final = Said("公表されたファイルを確かめる(だれでも)", "check the published files (anybody)")

NAME_HELP: Final = Said("自分の名前(告示に載ります)", "one's name, as published")
KEY_HELP: Final = Said("自分の鍵ファイル", "one's own key file")
KEY_OUT_HELP: Final = Said("新しく作る鍵ファイル(上書きしません)", "the key file to make; never overwritten")
PUBLIC_OUT_HELP: Final = Said("市の担当に渡すファイル", "the file to give to the city")
PASSPHRASE_HELP: Final = Said(
    "パスフレーズを打つ代わりに読むファイル(自動の処理用)", "read the passphrase from this file, for scripts"
)
OPENERS_HELP: Final = Said(
    "開封立会人のファイル(開ける順に2人から9人)", "the openers' files, in their order, two to nine"
)
KEEPER_HELP: Final = Said("票の係のファイル(開封立会人とは別の人)", "the keeper's file; the keeper is no opener")
TITLE_HELP: Final = Said("投票の名前", "the vote's name")
CANDIDATES_HELP: Final = Said(
    "順位を付ける案(2から99)。書いた順に o01、o02…になります",
    "the candidates to rank, 2 to 99; they become o01, o02 … in this order",
)
TEXT_HELP: Final = Said("自由記述のときの、最大の文字数(2000まで)", "for free text: the most characters, up to 2000")
LEAST_HELP: Final = Said(
    "順位を付ける案の最小の数、または最小の文字数(初期値 0。0なら白票ができます)",
    "how many candidates have to be ranked, or characters written (default 0, which allows a blank vote)",
)
MOST_HELP: Final = Said("順位を付ける案の最大の数(初期値 すべて)", "how many candidates may be ranked (default all)")
TIES_HELP: Final = Said("同じ順位を認める", "allow several candidates at one rank")
MANIFEST_HELP: Final = Said("告示のファイル", "the vote's manifest")
MANIFEST_OUT_HELP: Final = Said("告示を書くファイル", "the file to write the manifest to")
CHOICES_HELP: Final = Said("選択の並び(JSON)", "a JSON list of choices")
BALLOTS_HELP: Final = Said("封をした票のファイル", "files of sealed ballots")
BALLOTS_OUT_HELP: Final = Said("封をした票を書くファイル", "the file to write the sealed ballots to")
CONTROLS_NUMBER_HELP: Final = Said(
    "照合票の数(初期値 票と同じ数)", "how many control ballots (default: one per ballot)"
)
KEEP_HELP: Final = Said(
    "照合票のファイル。開け終わるまで、だれにも見せません", "the control ballots; shown to nobody until all is open"
)
CONTROLS_HELP: Final = Said("照合票のファイル", "the file of the control ballots")
STEP_HELP: Final = Said("前の人から受け取った STEP のファイル", "the STEP file from the one before")
STEP_OUT_HELP: Final = Said("次の STEP のファイル", "the next STEP file")
STEPS_HELP: Final = Said("STEP のファイル(順は問いません)", "STEP files, in any order")
METHOD_HELP: Final = Said("数え方", "how to count")
SEATS_HELP: Final = Said("選ぶ数(初期値 1)", "how many to choose (default 1)")
SEED_HELP: Final = Said("同点のときに使う、公開の抽選の種", "seed of the public draw, for ties")
RESULT_OUT_HELP: Final = Said("結果を書くファイル", "the file to write the result to")

KEY_MADE: Final = Said(
    "{name} の鍵ファイル {path} を作りました。写しを別の場所に保管してください。なくすと、この投票は開けられません。\n"
    "{public} を市の担当に渡してください(公開してよいファイルです)。鍵ファイルは1つの投票に1つです。",
    "The key file {path} of {name} is made. Keep a copy elsewhere: without it the vote cannot be opened.\n"
    "Give {public} to the city; it may be published. Every vote needs a key file of its own.",
)
PREPARED: Final = Said(
    "告示を {path} に書きました。票の係は {keeper}、開封立会人は、順に {names} です。\n  投票の識別番号 {vote}",
    "The manifest is in {path}. The keeper: {keeper}. The openers, in their order: {names}.\n  vote {vote}",
)
SEALED: Final = Said(
    "{count} 票に封をして、{path} に書きました。どの票も {size} バイトです。",
    "Sealed {count} ballots into {path}. Each is {size} bytes long.",
)
CLOSED: Final = Said(
    "締め切りました: {ballots} 票に照合票 {controls} 票を混ぜ、{path} に書きました。{first} に渡してください。\n"
    "  {keep} は、開け終わるまでだれにも見せないでください。なくすと数えられないので、写しも取ってください。\n"
    "  1票をすりかえて見つからない見込みは、{chance} です。",
    "Closed: {ballots} ballots with {controls} control ballots among them are in {path}. Give it to {first}.\n"
    "  Show {keep} to nobody until all is open. Without it nothing can be counted: keep a copy.\n"
    "  Whoever swaps one ballot stays undetected with a chance of {chance}.",
)
DOUBLED: Final = Said(
    "注意: 同じ票が重なっていたので、{count} 票を除きました。", "Mind: {count} copies of a box were taken out."
)
OPENED: Final = Said(
    "第{step}段を開けました。{before} 票のうち {after} 票を並べかえて、{path} に書きました。{next}",
    "Opened step {step}: {after} of {before} boxes are sorted into {path}. {next}",
)
INVALID: Final = Said(
    "注意: 開かない票や決まりに合わない票が {count} 票あります。記録に載せて除きました。",
    "Mind: {count} boxes could not be opened or break the rules. They are named in the record and taken out.",
)
GIVE_TO: Final = Said("次は {name} に渡してください。", "Pass it to {name}.")
ALL_OPEN: Final = Said(
    "すべて開きました。STEP と照合票のファイルをすべて公表し、count で数えてください。",
    "All is open. Publish all STEP files and the control ballots, and count.",
)
CHAIN_RIGHT: Final = Said(
    "確かめました: 「{title}」の {steps} つのファイルの数、順、署名は、すべて合っています。",
    "Checked “{title}”: numbers, order and signatures of {steps} files are right.",
)
CLOSING_RIGHT: Final = Said(
    "最後の封を公表された鍵で開け直し、同じ選択が出ました。",
    "The closing layer, opened again with its published key, gives the same choices.",
)
CONTROLS_RIGHT: Final = Said(
    "照合票 {controls} 票は、どの段にもあります。1票のすりかえがあって見つからない見込みは、{chance} です。",
    "All {controls} control ballots are in every step. A single swap would have stayed undetected with a chance of {chance}.",
)
BALLOTS_RIGHT: Final = Said(
    "{path} の {count} 票は、締め切りのファイルにあります。",
    "The {count} ballots of {path} are in the file of the close.",
)
CLOSE_RIGHT: Final = Said(
    "これで投じられた票のすべてです。締め切りをやり直し、同じになりました。",
    "These are all ballots that were cast. The close, made again from them, is the same.",
)
ALL_ANNOUNCED: Final = Said(
    "これは、締め切りのときに公表された票のすべてです。", "These are all ballots that were announced at the close."
)
WITHOUT_CAST: Final = Said(
    "締め切り(投じられた票のすべてを --ballots で、--controls とともに指定すると確かめます)",
    "the close (give all ballots that were cast with --ballots, and --controls)",
)
NOT_CHECKED: Final = Said("確かめていないこと: {what}", "Not checked: {what}")
STEPS_MISSING: Final = Said("第{numbers}段のファイル", "the files of step {numbers}")
WITHOUT_CONTROLS: Final = Said(
    "照合票(--controls がないので、すりかえは見つかりません)", "control ballots (no --controls, so no swap is found)"
)
WITHOUT_CLOSING: Final = Said("最後の封", "the closing layer")
COUNTED: Final = Said(
    "「{title}」: {cast} 票のうち {counted} 票を数えました(重なり {doubled}、無効 {invalid})。結果は {path} にあります。",
    "“{title}”: {counted} of {cast} ballots counted ({doubled} copies, {invalid} invalid). The result is in {path}.",
)
ELECTED: Final = Said("  {method} による当選: {names}", "  elected by {method}: {names}")
LISTED: Final = Said("  自由記述は、並べかえて載せました。", "  The texts are listed there in sorted order.")
METHOD_NEEDED: Final = Said("順位の票には --method が要ります: {methods}", "Rankings need --method: {methods}")
NO_METHOD: Final = Said(
    "自由記述は数えません。--method を外してください。", "Texts are listed, not counted: leave --method out."
)
TIED: Final = Said(
    "{options} が同点です。公開の抽選の種を決めて、--seed を付けてください。",
    "{options} are tied. Publish a seed for the draw, and give it with --seed.",
)
CANNOT_COUNT: Final = Said("数えられません: {why}", "Cannot be counted: {why}")
NOT_JSON: Final = Said(
    "{path} を JSON として読めません。選択を [ ] で並べてください。", "{path} is no JSON list of choices."
)
BAD_CHOICE: Final = Said(
    "{path} の {number} 番目の選択は、決まりに合いません。まだ何も封をしていません。",
    "Choice {number} of {path} breaks the rules. Nothing was sealed.",
)
WRONG_LENGTH: Final = Said(
    "{path} の {number} 番目の票は長さが違います。途中で切れたか、別の投票のものです。",
    "Ballot {number} of {path} has a wrong length: it is cut off, or of another vote.",
)
OTHER_VOTE: Final = Said("{path} は別の投票のものです。", "{path} belongs to another vote.")
ONE_KIND: Final = Said(
    "--candidates か --text の、どちらか1つを指定してください。", "Give either --candidates or --text."
)
ONLY_RANKED: Final = Said(
    "--ties と --most は、順位を付ける票(--candidates)のときだけ使えます。自由記述の長さは --text で決めます。",
    "--ties and --most are for rankings (--candidates). --text limits the length of a text.",
)
