"""Everything that can go wrong on purpose.

KudusoError                       carries a stable `code`, a detail for the client, field errors
├── RejectedError                 the caller must change the request
│   ├── InputsRejectedError       schema_violation | domain_violation
│   ├── InvalidJsonError          invalid_json
│   ├── PayloadTooLargeError      payload_too_large
│   ├── UnauthenticatedError      unauthenticated
│   └── ForbiddenError            forbidden
├── NotFoundError                 not_found
│   └── DefinitionNotFoundError   definition_not_found
├── ConflictError                 the resource's state does not allow it
│   ├── ResultNotReadyError       result_not_ready
│   └── InvalidStateError         invalid_state
├── BusyError                     nothing is free now: seats_exhausted
├── JobFailedError                what ended a job: the code of the failed solve
└── FaultError                    our side failed: internal

HTTP statuses and whether a code is worth a retry stand in one table: `contracts.wire.problem`.
"""

from collections.abc import Sequence
from typing import ClassVar

from contracts.errors import Violation
from contracts.wire.problem import PROBLEMS, ProblemCode


class KudusoError(Exception):
    """Root: `detail` and `errors` may be shown to the client as they are."""

    default_code: ClassVar[ProblemCode] = "internal"

    def __init__(
        self,
        detail: str,
        *,
        code: ProblemCode | None = None,
        errors: Sequence[Violation] = (),
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code: ProblemCode = code or self.default_code
        self.errors = tuple(errors)
        self.retry_after_s = retry_after_s

    @property
    def is_transient(self) -> bool:
        """Whether the same request may succeed later."""
        return PROBLEMS[self.code].retryable


class RejectedError(KudusoError):
    """The caller must change the request."""


class InputsRejectedError(RejectedError):
    """The inputs break the contract; `errors` names each field."""

    default_code = "schema_violation"


class InvalidJsonError(RejectedError):
    """The body is no JSON that the platform can carry."""

    default_code = "invalid_json"


class PayloadTooLargeError(RejectedError):
    """The body is larger than the platform takes."""

    default_code = "payload_too_large"


class UnauthenticatedError(RejectedError):
    """The token is missing, expired, for somebody else or forged."""

    default_code = "unauthenticated"


class ForbiddenError(RejectedError):
    """The token is good but does not allow this app."""

    default_code = "forbidden"


class NotFoundError(KudusoError):
    """There is no such resource for this tenant."""

    default_code = "not_found"


class DefinitionNotFoundError(NotFoundError):
    """The app has no such definition or version."""

    default_code = "definition_not_found"


class ConflictError(KudusoError):
    """The resource's state does not allow the request."""


class ResultNotReadyError(ConflictError):
    """The job has not ended."""

    default_code = "result_not_ready"


class InvalidStateError(ConflictError):
    """The job ended without a result."""

    default_code = "invalid_state"


class BusyError(KudusoError):
    """Nothing is free now; a later try may find something."""

    default_code = "seats_exhausted"


class JobFailedError(KudusoError):
    """A run failed; the code says why and whether another attempt may help."""


class FaultError(KudusoError):
    """A component of ours is away or broken."""
