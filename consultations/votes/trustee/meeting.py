"""The folder that goes round among the trustees, a USB stick as a rule."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nacl.utils import random

from consultations.votes.offline import files
from consultations.votes.offline.sentences import Declined, Said
from consultations.votes.protocol.encoding import Json, canonical
from consultations.votes.protocol.refusals import Refused
from consultations.votes.trustee.messages import Plan, Step, read_plan
from consultations.votes.trustee.public import Outcome

PLAN: Final = "0-plan.json"
OUTCOME: Final = "ceremony.json"

NOT_BEGUN: Final = Said(
    "{folder} では、まだ鍵づくりが始まっていません。最初の1人だけが --begin を付けてください。",
    "No key ceremony has begun in {folder}. The first trustee, and nobody else, adds --begin.",
)
BEGUN: Final = Said(
    "{folder} では、もう鍵づくりが始まっています。--begin を付けずに続けてください。",
    "A key ceremony has begun in {folder} already. Go on without --begin.",
)
BAD_PLAN: Final = Said(
    "{path} が書きかえられています。空のフォルダーで、初めからやり直してください。",
    "{path} has been changed. Start again in an empty folder.",
)
OWN_FILE: Final = Said(
    "{path} が、あなたの鍵で書いた内容と違います。だれかが入れかえたか、席が重なりました。"
    "先に進まず、ほかの開票立会人に知らせてください。",
    "{path} is not what your key wrote. Somebody replaced it, or two trustees took one seat."
    " Do not go on; tell the other trustees.",
)
OUTCOME_CHANGED: Final = Said(
    "{path} が、あなたの計算と違います。この鍵を使わず、ほかの開票立会人に知らせてください。",
    "{path} is not what you compute. Do not use this key; tell the other trustees.",
)


@dataclass(frozen=True)
class Meeting:
    folder: Path

    def begin(self, title: str, trustees: int, threshold: int) -> Plan:
        """Declined where a ceremony is under way."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if (self.folder / PLAN).exists():
            raise Declined(BEGUN, folder=str(self.folder))
        plan = Plan(random(32).hex(), title, trustees, threshold)
        files.write_value(self.folder / PLAN, plan.value)
        return plan

    def plan(self) -> Plan:
        path = self.folder / PLAN
        if not path.exists():
            raise Declined(NOT_BEGUN, folder=str(self.folder))
        try:
            return read_plan(files.read_value(path))
        except Refused:
            raise Declined(BAD_PLAN, path=str(path)) from None

    def path(self, step: Step, number: int) -> Path:
        return self.folder / f"{step}-{number}.json"

    def read(self, step: Step, number: int) -> Json | None:
        """The file of one trustee; None while it is not there."""
        path = self.path(step, number)
        return files.read_value(path) if path.exists() else None

    def publish(self, step: Step, number: int, value: Json) -> bool:
        """Put one's own file there, once. Returns whether it is new. Declined where another stands in its place."""
        path = self.path(step, number)
        if not path.exists():
            files.write_value(path, value)
            return True
        if path.read_bytes() != canonical(value):
            raise Declined(OWN_FILE, path=str(path))
        return False

    def finish(self, outcome: Outcome) -> Path:
        """The public outcome, the same bytes whoever writes it. Declined where it is another."""
        path = self.folder / OUTCOME
        if path.exists() and path.read_bytes() != canonical(outcome.value):
            raise Declined(OUTCOME_CHANGED, path=str(path))
        files.write_value(path, outcome.value)
        return path
