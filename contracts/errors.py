"""What can be wrong with a contract or with the JSON that it governs.

ContractError
├── ContractFileError        a released folder breaks rules: one finding for each
├── UnknownContractError     no such app, definition or version, or the app may not use it
├── JsonTextError            a text is not acceptable JSON
└── ContractViolationError   a document breaks the contract: one entry for each field
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from contracts.finding import Finding

ViolationKind = Literal["schema_violation", "domain_violation"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One field that breaks a rule.

    `pointer` is an RFC 6901 JSON Pointer into the validated document; `code` is the rule's name.
    """

    pointer: str
    code: str
    message: str
    hint: str | None = None


class ContractError(Exception):
    """Root of everything this package raises."""


class ContractFileError(ContractError):
    """Files of a contract folder break rules; nothing is served until they are mended.

    `findings` has at least one entry; the first one is the error's text.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(str(findings[0]))
        self.findings = tuple(findings)


class UnknownContractError(ContractError):
    """The requested definition or version does not exist for this app."""


class JsonTextError(ContractError):
    """The text is not JSON that every part of the platform can carry."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer


class ContractViolationError(ContractError):
    """A document breaks its contract; all violations are of one kind."""

    def __init__(self, kind: ViolationKind, violations: Sequence[Violation]) -> None:
        super().__init__(f"{kind}: " + "; ".join(f"{v.pointer} {v.message}" for v in violations))
        self.kind: ViolationKind = kind
        self.violations = tuple(violations)
