"""Due times of NCRONTAB schedules: ``{second} {minute} {hour} {day} {month} {weekday}``.

Source: https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer
"""

from datetime import UTC, datetime

from croniter import CroniterError, croniter


def next_due_at(schedule: str, after: datetime) -> datetime:
    """The first due time strictly after an instant, in UTC.

    Raises:
        ValueError: the schedule has not five or six fields, or one of them is wrong.
    """
    if len(schedule.split()) not in {5, 6}:
        raise ValueError(f"{schedule!r} is not an NCRONTAB expression of six fields")
    try:
        iterator = croniter(schedule, after.astimezone(UTC), second_at_beginning=True)
        return iterator.get_next(datetime).astimezone(UTC)
    except CroniterError as error:
        raise ValueError(f"{schedule!r} is not an NCRONTAB expression: {error}") from error
