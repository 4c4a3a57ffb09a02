"""Responses as a table: by the maps they came in with, and the form's field names for what no map holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analysis.tabular import Value
from surveys import columns
from surveys.collecting.queries import ImportedTable, Stored
from surveys.columns import DERIVED, AnswerUse, AttributeUse, ColumnMap, OtherUse, Use
from surveys.questionnaire import Question, Questionnaire, QuestionType
from surveys.rows import cells_of

CODEBOOK = ("column", "holds", "question", "text", "type", "cell", "code", "meaning")


@dataclass(frozen=True)
class Layout:
    """The columns of an export, in their order."""

    headers: tuple[str, ...]
    column_map: ColumnMap
    questionnaire: Questionnaire

    def row(self, stored: Stored) -> list[Value]:
        """The cells of one response."""
        cells = cells_of(self.column_map, stored.answers, stored.attributes, stored.key, stored.answered_at)
        return [cells.get(header, "") for header in self.headers]

    def codebook(self) -> Iterator[list[Value]]:
        """What each column holds, and each cell that stands for an answer, as rows of `CODEBOOK`."""
        for header in self.headers:
            yield from self._meaning(header, self.column_map.uses.get(header))

    def _meaning(self, header: str, use: Use | None) -> Iterator[list[Value]]:
        if isinstance(use, AnswerUse):
            question = use.question
            row = next((one.text["ja"] for one in question.rows if one.code == use.row), "")
            words = " ".join(filter(None, [question.text["ja"], row]))
            yield [header, "answer", question.code, words, question.type.value, "", "", ""]
            for code in question.option_codes:
                yield [
                    header,
                    "answer",
                    question.code,
                    "",
                    "",
                    use.cells.get(code, code),
                    code,
                    _option(question, code),
                ]
        elif isinstance(use, OtherUse):
            yield [header, "other", use.question, "", "", "", use.option, ""]
        elif isinstance(use, AttributeUse):
            yield [header, "attribute", "", use.name, "", "", "", ""]
        else:
            yield [header, "time" if header == self.column_map.time else "key", "", "", "", "", "", ""]


def _option(question: Question, code: str) -> str:
    if question.type is QuestionType.NPS:
        return code
    return next(option.text["ja"] for option in question.options if option.code == code)


def layout(questionnaire: Questionnaire, imported: Sequence[ImportedTable]) -> Layout:
    """The columns of all imports, newest first, so that each comes back as it was, without the derived ones; then what
    none of them holds, under the form's field names."""
    newest = imported[0] if imported else None
    main = _map_of(newest, questionnaire) if newest else columns.default_map(questionnaire)
    uses: dict[str, Use] = {}
    held: set[object] = set()
    for one in (*(_map_of(table, questionnaire) for table in imported), columns.default_map(questionnaire)):
        for header, use in one.uses.items():
            places = set(columns.stored_places(use))
            if header not in uses and not isinstance(use, DERIVED) and not places & held:
                uses[header] = use
                held |= places
    apart = [*main.key, *([main.time] if main.time else [])]
    order = [*(newest.headers if newest else ()), *apart, *uses]
    headers = tuple(dict.fromkeys(header for header in order if header in uses or header in apart))
    return Layout(headers, replace(main, uses=uses), questionnaire)


def _map_of(table: ImportedTable, questionnaire: Questionnaire) -> ColumnMap:
    """The map a table was read with; its questions are as they were, only words can have changed since."""
    if table.column_map is None:
        return columns.default_map(questionnaire, table.key)
    return columns.read_map(table.column_map, questionnaire, table.key)
