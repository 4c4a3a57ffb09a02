"""The sentences of `analysis.tabular`, which knows no catalogue, marked for translation."""

from analysis.tabular import TableRefused
from civic.messages import N_, Message

SENTENCES = (
    N_("Byte %(byte)d, in line %(line)d, is neither UTF-8 nor CP932. Save the file as CSV UTF-8 and try again."),
    N_("Byte %(byte)d, in line %(line)d, cannot be read as %(encoding)s."),
    N_("%(encoding)s is not the name of a text encoding."),
    N_("The file has no header row."),
    N_("Column %(position)d has no name in the header row."),
    N_("The header row names two columns %(column)s."),
    N_("Row %(row)d, in line %(line)d, has %(found)d cells instead of %(expected)d."),
    N_("Row %(row)d, in line %(line)d: a quotation mark is not closed, or text follows the closing one."),
    N_("Row %(row)d, in line %(line)d, has a cell of more than %(limit)d characters. Is a quotation mark open?"),
    N_("The file has more than %(limit)d cells."),
    N_("The file is not an XLSX workbook that can be read."),
    N_("The workbook unpacks to more than %(limit)d bytes or %(parts)d parts."),
    N_("The workbook declares a document type, which no spreadsheet program writes."),
    N_("Row %(row)d has a text of more than %(limit)d characters, which no workbook holds. Take CSV instead."),
    N_("The sheet has more than %(limit)d columns."),
)


def sentence(refused: TableRefused) -> Message:
    """Why a table was refused, to be translated where it is shown."""
    return Message(refused.reason.value, dict(refused.params))
