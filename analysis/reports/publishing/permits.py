"""Who writes, publishes and reads reports."""

from civic.identity.roles import PUBLIC, Role, Scope, permit

WRITERS = (Role.ANALYST, Role.EDITOR)
READERS = (Role.ANALYST, Role.EDITOR, Role.APPROVER, Role.MODERATOR)
DEPARTMENT = Scope.DEPARTMENT

PERMITS = (
    permit("analysis_reports.index", "GET", "report.read", READERS, DEPARTMENT),
    permit("analysis_reports.new", "GET POST", "report.write", WRITERS, DEPARTMENT),
    permit("analysis_reports.draft", "GET", "report.read", READERS, DEPARTMENT),
    permit("analysis_reports.preview", "GET", "report.read", READERS, DEPARTMENT),
    permit("analysis_reports.edit_texts", "POST", "report.write", WRITERS, DEPARTMENT),
    permit("analysis_reports.add_sentence", "POST", "report.write", WRITERS, DEPARTMENT),
    permit("analysis_reports.leave_out", "POST", "report.write", WRITERS, DEPARTMENT),
    permit("analysis_reports.take_newest", "POST", "report.write", WRITERS, DEPARTMENT),
    permit("analysis_reports.submit", "POST", "report.write", WRITERS, DEPARTMENT),
    permit("analysis_reports.send_back", "POST", "report.publish", Role.APPROVER, DEPARTMENT),
    permit("analysis_reports.publish", "GET POST", "report.publish", Role.APPROVER, DEPARTMENT),
    permit("reports.index", "GET", "report.open", PUBLIC),
    permit("reports.report", "GET", "report.open", PUBLIC),
    permit("reports.tables_csv", "GET", "report.open", PUBLIC),
    permit("reports.document", "GET", "report.open", PUBLIC),
    permit("council.home", "GET", "report.council", Role.COUNCIL),
    permit("council.council_report", "GET", "report.council", Role.COUNCIL),
    permit("council.council_tables_csv", "GET", "report.council", Role.COUNCIL),
)
