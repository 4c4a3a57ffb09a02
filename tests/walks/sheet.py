"""One form of the product, told by hand, and the values many forms share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from tests.walks.town import Town

Step = tuple[str, str, Mapping[str, Any]]
LONG: Final = "あ" * 20_000


@dataclass(frozen=True)
class Sheet:
    """One form. `rule` is where it is posted; `wrong` has pairs of a field and what is refused in it."""

    rule: str
    page: str | Callable[[Town], str]
    who: str
    button: str
    right: Mapping[str, Any]
    wrong: Sequence[tuple[str, Any]]
    before: Sequence[Step] = ()
    loose: frozenset[str] = field(default_factory=frozenset)
    looks: bool = False  # what is right is shown again for a last look, and stored nowhere: 200

    def address(self, town: Town) -> str:
        return self.page if isinstance(self.page, str) else self.page(town)


def file(name: str, content: bytes) -> tuple[BytesIO, str]:
    return BytesIO(content), name


def texts(name: str, words: str = "文") -> dict[str, str]:
    return {f"{name}_{language}": f"{words} {language}" for language in ("ja", "easy", "en")}


def too_long(*names: str) -> list[tuple[str, str]]:
    """Each language of these texts, far too long."""
    return [(f"{name}_{language}", LONG) for name in names for language in ("ja", "easy", "en")]
