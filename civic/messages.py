"""A sentence that is translated later: pure modules say what is wrong, the web layer says it in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for "mark for the catalogues, translate later"
    """Mark an English msgid for extraction and return it unchanged."""
    return sentence


@dataclass(frozen=True)
class Message:
    """An English msgid with `%(name)s` places and their values."""

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid % self.params if self.params else self.msgid

    def __mod__(self, values: Mapping[str, object]) -> "Message":
        """The message with its places filled, as WTForms' validators do it with theirs (`min`, `max`, `length`)."""
        places = {name: value for name, value in values.items() if f"%({name})" in self.msgid}
        return Message(self.msgid, {**self.params, **places})
