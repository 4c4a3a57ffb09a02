"""The one place that asks what time it is. Everything below the actions takes the time as an argument."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in Japan."""
    return now().astimezone(TOKYO).date()


def day_in_japan(moment: datetime) -> date:
    """The calendar day in Asia/Tokyo on which `moment` (aware) falls."""
    return moment.astimezone(TOKYO).date()
