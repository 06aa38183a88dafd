"""How long runs of a contract take: measured on the app's latest ones, remembered for a while."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contracts.model import ContractRef
from functions.store.queue_estimates import median_run_s
from functions.store.tenant import Database

KEEP = timedelta(seconds=10)
_Key = tuple[str, ContractRef]


@dataclass(frozen=True, slots=True)
class RunTimes:
    """Medians of this process; clients that poll queued jobs would ask for them all the time."""

    database: Database
    _measured: dict[_Key, tuple[datetime, float]] = field(
        default_factory=dict[_Key, tuple[datetime, float]]
    )

    async def median_s(self, app_id: str, ref: ContractRef, now: datetime) -> float | None:
        """Median of the latest 50 succeeded runs, whosever they were; None before the first.

        Raises:
            FaultError: PostgreSQL does not answer.
        """
        measured_at, median_s = self._measured.get((app_id, ref), (None, None))
        if measured_at is None or now - measured_at > KEEP:
            async with self.database.platform([app_id]) as connection:
                median_s = await median_run_s(connection, app_id, ref)
            if median_s is not None:
                self._measured[app_id, ref] = (now, median_s)
        return median_s
