"""The words of a consultation as types: what is asked of commenters, stages of an answer, outcomes, how it ended."""

from enum import StrEnum


class Asked(StrEnum):
    """Whether the form asks for the name, or the address, of the person who comments."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NO = "no"


class Stance(StrEnum):
    """What a commenter says of a passage, asked on the form and never guessed from the text."""

    AGREE = "agree"
    CHANGE = "change"
    OPPOSE = "oppose"


class Origin(StrEnum):
    """Who made an item or a group: a topics run or a person."""

    MACHINE = "machine"
    PERSON = "person"


class Stage(StrEnum):
    """How far the answer to an opinion group is. Nothing leads out of LOCKED but an erratum."""

    COLLECTING = "collecting"
    ASKED = "asked"
    DRAFTED = "drafted"
    IN_APPROVAL = "in_approval"
    LOCKED = "locked"


class Outcome(StrEnum):
    """反映区分: what became of the opinions of a group."""

    ADOPTED = "adopted"  # 反映
    PARTLY = "partly"  # 一部反映
    ALREADY = "already"  # 既に記載
    LATER = "later"  # 今後の参考
    NOT_ADOPTED = "not_adopted"  # 反映しない
    OUTSIDE = "outside"  # 対象外


class Decision(StrEnum):
    """What the city did with the plan after the consultation (行政手続法43条1項, 4項)."""

    UNCHANGED = "unchanged"  # decided as consulted on
    CHANGED = "changed"  # decided with changes
    DROPPED = "dropped"  # 定めないこととした
    ANEW = "anew"  # 改めて意見を募集する


class PassageKind(StrEnum):
    """What a passage of a draft is. Headings are passages too: one may comment on a whole chapter."""

    CHAPTER = "chapter"
    SECTION = "section"
    ARTICLE = "article"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    TABLE = "table"
