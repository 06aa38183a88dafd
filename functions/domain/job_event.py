"""A step in the life of a job."""

from dataclasses import dataclass
from datetime import datetime

from contracts.model import JsonObject
from functions.domain.job_resource import instant


@dataclass(frozen=True, slots=True)
class JobEvent:
    """One row of `job_event`; `seq` begins with 1 and has no gap."""

    seq: int
    event: str
    at: datetime
    detail: JsonObject

    def to_json(self) -> JsonObject:
        """As a client sees it."""
        return {
            "seq": self.seq,
            "event": self.event,
            "at": instant(self.at),
            "detail": self.detail,
        }
