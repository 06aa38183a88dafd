"""What can go wrong behind the AppServer's routes; `code` is the wire's.

AppServerError
├── DefinitionError          the definition reported runtime errors: permanent
├── EngineError              the engine broke or answered nonsense: a later try may succeed
├── EngineUnreachableError   nothing listens at the engine's address
├── EngineBusyError          every child of every node that could solve is solving
├── PluginMismatchError      no node has what the contract was released for
├── SolveTimeoutError        the solve was cancelled at its deadline
├── OutputContractError      the definition's outputs break the contract: permanent
└── BodyTooLargeError        the request is over the size limit
"""

from collections.abc import Sequence
from typing import ClassVar

from contracts.errors import Violation
from contracts.wire.problem import ProblemCode


class AppServerError(Exception):
    """Root of the tree; the message is shown to the caller and names nothing internal."""

    code: ClassVar[ProblemCode] = "internal"

    def __init__(self, message: str, violations: Sequence[Violation] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.violations = tuple(violations)


class DefinitionError(AppServerError):
    """The definition ran and at least one of its components failed."""

    code = "definition_error"


class EngineError(AppServerError):
    """The engine failed without saying what is wrong with the definition."""

    code = "engine_error"


class UnexplainedFailureError(EngineError):
    """The engine answered with a failure and no word about why, as it does for unknown pointers."""


class EngineUnreachableError(AppServerError):
    """No connection to the engine."""

    code = "engine_unreachable"


class EngineBusyError(AppServerError):
    """No child became free in the time that a solve may wait for one."""

    code = "seats_exhausted"


class PluginMismatchError(AppServerError):
    """Engine, plugins or parameters of every node differ from what the contract names."""

    code = "plugin_mismatch"


class SolveTimeoutError(AppServerError):
    """The solve took longer than the contract allows; it was cancelled."""

    code = "solve_timeout"


class OutputContractError(AppServerError):
    """The outputs do not fit the contract's bindings, limits or outputs schema."""

    code = "output_contract_violation"


class BodyTooLargeError(AppServerError):
    """The request body is over the limit."""

    code = "payload_too_large"
