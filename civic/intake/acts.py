"""What the audit records of tables that were brought in."""

from civic.audit.acts import Act, act


def acts_of(kind: str) -> tuple[Act, ...]:
    """The acts under the name of the kind of activity the tables belong to."""
    return (
        act(f"{kind}.import_started", "channel", "file", "rows"),
        act(f"{kind}.imported", "channel", "stored", "already_there", "review"),
        act(f"{kind}.rows_set_aside", "file", "rows"),
        act(f"{kind}.rows_taken_back", "file", "rows"),
    )
