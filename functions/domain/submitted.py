"""What became of a submission, and what its client is told."""

from dataclasses import dataclass

from contracts.model import JsonObject
from functions.domain.idempotency import IdempotencyKey, StoredAnswer
from functions.domain.job import Job
from functions.domain.job_resource import job_json, job_path

POLL_AFTER_S = 1


@dataclass(frozen=True, slots=True)
class Terms:
    """How a submission is to be taken: under a key, and whether an equal job will do."""

    key: IdempotencyKey | None = None
    may_reuse: bool = True


@dataclass(frozen=True, slots=True)
class Admission:
    """The job that stands for a submission: its own, or an equal one."""

    job: Job
    is_reused: bool = False

    @property
    def status(self) -> int:
        """200 for a finished job, 202 for one that is to come."""
        return 200 if self.job.is_final else 202

    def to_json(self) -> JsonObject:
        """The job, and whether it is another submission's."""
        is_cached = self.is_reused and self.job.is_final
        flags: JsonObject = {"cached": is_cached, "collapsed": self.is_reused and not is_cached}
        return job_json(self.job) | flags

    def answer(self) -> StoredAnswer:
        """202 with a status monitor (RFC 9110, section 15.3.3), or 200 with the finished job."""
        headers = {"Location": job_path(self.job)}
        if not self.job.is_final:
            headers["Retry-After"] = str(POLL_AFTER_S)
        return StoredAnswer(self.status, headers, self.to_json())


@dataclass(frozen=True, slots=True)
class Submitted:
    """The answer to a submission; `is_replayed` when its key had it already."""

    answer: StoredAnswer
    is_replayed: bool = False

    @property
    def is_pending(self) -> bool:
        """Whether the answer names a job whose end can be waited for."""
        return "Retry-After" in self.answer.headers
