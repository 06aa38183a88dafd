"""The schedule status of monitored timers, one JSON file per function."""

import os
from datetime import UTC, datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ValidationError

from devstack.functions_host.wire import ScheduleStatus


class _Saved(BaseModel):
    """The file's shape; instants in ISO 8601."""

    last_at: AwareDatetime | None
    next_at: AwareDatetime
    updated_at: AwareDatetime


class TimerState:
    """Survives restarts, so that a run that fell due while the host was down is noticed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, function_name: str) -> ScheduleStatus | None:
        """The last saved status; None for an unknown timer and for a damaged file."""
        try:
            saved = _Saved.model_validate_json(self._path(function_name).read_bytes())
        except (FileNotFoundError, ValidationError):
            return None
        last_at = saved.last_at.astimezone(UTC) if saved.last_at else None
        return ScheduleStatus(last_at, _utc(saved.next_at), _utc(saved.updated_at))

    def save(self, function_name: str, status: ScheduleStatus) -> None:
        """Replace the status in one step: a crash leaves the earlier one."""
        self._folder.mkdir(parents=True, exist_ok=True)
        saved = _Saved(last_at=status.last_at, next_at=status.next_at, updated_at=status.updated_at)
        path = self._path(function_name)
        draft = path.with_suffix(f".{os.getpid()}.draft")
        draft.write_text(saved.model_dump_json())
        draft.replace(path)

    def _path(self, function_name: str) -> Path:
        return self._folder / f"{function_name}.json"


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)
