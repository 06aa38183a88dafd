"""The outcomes of a batch, job by job."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.errors import Violation
from contracts.model import JsonObject
from contracts.wire.problem import PROBLEMS, Problem
from functions.domain.errors import InputsRejectedError, KudusoError
from functions.domain.idempotency import StoredAnswer
from functions.domain.job import NewJob
from functions.domain.submitted import Admission


@dataclass(frozen=True, slots=True)
class Reading:
    """One job of a batch as it was read: a draft, or what is wrong with it."""

    index: int
    outcome: NewJob | KudusoError


def rejected_batch(failures: Sequence[tuple[int, KudusoError]]) -> InputsRejectedError:
    """Why an atomic batch was not accepted: every failure of the first one's kind, addressed."""
    code = failures[0][1].code
    alike = [(index, error) for index, error in failures if error.code == code]
    errors = [fault for index, error in alike for fault in _addressed(index, error)]
    detail = f"{len(failures)} of the jobs cannot be accepted, so none was; see errors."
    return InputsRejectedError(detail, code=code, errors=errors)


def batch_answer(
    readings: Sequence[Reading], admissions: Sequence[Admission], correlation_id: str
) -> StoredAnswer:
    """200 with one entry for each job, in the order of the request."""
    admitted = iter(admissions)
    entries = [
        _rejected(reading.index, reading.outcome, correlation_id)
        if isinstance(reading.outcome, KudusoError)
        else _accepted(reading.index, next(admitted))
        for reading in readings
    ]
    body: JsonObject = {
        "accepted": len(admissions),
        "rejected": len(readings) - len(admissions),
        "jobs": [*entries],
    }
    return StoredAnswer(200, {}, body)


def _accepted(index: int, admission: Admission) -> JsonObject:
    return {"index": index, "status": admission.status, "job": admission.to_json()}


def _rejected(index: int, error: KudusoError, correlation_id: str) -> JsonObject:
    problem = Problem(error.code, error.detail, correlation_id, _addressed(index, error))
    return {"index": index, "status": PROBLEMS[error.code].status, "problem": problem.to_json()}


def _addressed(index: int, error: KudusoError) -> list[Violation]:
    """The errors of one job as pointers into the batch; one for the job itself if it has none."""
    own = error.errors or (Violation("", error.code, error.detail),)
    return [Violation(f"/jobs/{index}{v.pointer}", v.code, v.message, v.hint) for v in own]
