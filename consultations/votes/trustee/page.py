"""The printed page of a backup, as HTML for the printer or as plain text."""

import html
import io
from collections.abc import Sequence
from typing import Final

import segno

from consultations.votes.offline.sentences import Said, Voice
from consultations.votes.trustee.keys import Key
from consultations.votes.trustee.public import comparison_number

TITLE: Final = Said("開票立会人の鍵の控え", "Backup of a trustee's key")
WHOSE: Final = Said("{number}番 {name}", "Trustee {number}: {name}")
WHICH: Final = Said("鍵づくりの照合番号: {digits}", "Comparison number of the ceremony: {digits}")
SECRET: Final = Said(
    "この紙を見た人は、鍵を使えます。封筒に入れ、封をして、金庫にしまってください。写真に撮らないでください。",
    "Whoever sees this page has the key. Put it into an envelope, seal it and lock it away. Take no photograph.",
)
HOW: Final = Said(
    "鍵ファイルやパスフレーズをなくしたら、公表された ceremony.json(または掲示板のファイル)を用意して、次を実行し、"
    "5行を打ちこみます。大文字、小文字、ハイフン、空白の違いはかまいません。",
    "If the key file or its passphrase is lost, take the published ceremony.json (or the board's file), run this and"
    " type the five lines. Capitals, hyphens and spaces do not matter.",
)
ONCE: Final = Said(
    "控えから戻した鍵は、前に開票したことを覚えていません。一度開票した投票を、もう一度開票してはいけません。",
    "A key restored from paper does not remember what it decrypted. Never decrypt a vote a second time with it.",
)
SCAN: Final = Said(
    "QRコードには同じ5行が入っています。ネットにつながった電話で読まないでください。",
    "The QR code holds the same five lines. Do not read it with a telephone that is on a network.",
)
COMMAND: Final = "python -m consultations.votes.trustee restore --public ceremony.json --out KEY.json"

STYLE: Final = (
    "@page{size:A4;margin:20mm}body{font:12pt/1.7 sans-serif;max-width:170mm;margin:auto}"
    "ol{font:16pt/2 monospace;border:1pt solid;padding:4mm 4mm 4mm 14mm}svg{width:45mm;height:45mm}"
    ".secret{border:2pt solid;padding:3mm}code{font-size:10pt}"
)


def page(key: Key, lines: Sequence[str], voice: Voice) -> str:
    """One A4 page without anything from outside."""
    image = io.BytesIO()
    segno.make("\n".join(lines).upper(), error="m", micro=False).save(image, kind="svg", xmldecl=False, omitsize=True)
    said = {one: html.escape(voice.text(one)) for one in (TITLE, SECRET, HOW, ONCE, SCAN)}
    whose = html.escape(voice.text(WHOSE, number=key.number, name=key.name))
    which = html.escape(voice.text(WHICH, digits=comparison_number(key.public)))
    listed = "".join(f"<li>{line}</li>" for line in lines)
    return (
        f'<!DOCTYPE html><html lang="{voice.language}"><head><meta charset="utf-8"><title>{said[TITLE]}</title>'
        f"<style>{STYLE}</style></head><body><h1>{said[TITLE]}</h1><h2>{whose}</h2><p>{which}</p>"
        f'<p class="secret">{said[SECRET]}</p><ol>{listed}</ol>{image.getvalue().decode()}<p>{said[SCAN]}</p>'
        f"<p>{said[HOW]}</p><p><code>{COMMAND}</code></p><p>{said[ONCE]}</p></body></html>\n"
    )


def plain(key: Key, lines: Sequence[str], voice: Voice) -> str:
    """The same for a printer of text."""
    image = io.StringIO()
    segno.make("\n".join(lines).upper(), error="m", micro=False).terminal(image, compact=True)
    head = [voice.text(TITLE), voice.text(WHOSE, number=key.number, name=key.name)]
    head += [voice.text(WHICH, digits=comparison_number(key.public)), voice.text(SECRET), ""]
    numbered = [f"  {place}. {line}" for place, line in enumerate(lines, 1)]
    tail = ["", voice.text(HOW), f"  {COMMAND}", voice.text(ONCE), voice.text(SCAN)]
    return "\n".join([*head, *numbered, *tail]) + "\n" + image.getvalue()
