"""What can be wrong with a contract or with the JSON that it governs.

ContractError
├── ContractFileError        a released folder breaks a rule: names the file and the rule
├── UnknownContractError     no such app, definition or version, or the app may not use it
├── JsonTextError            a text is not acceptable JSON
└── ContractViolationError   a document breaks the contract: one entry for each field
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

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
    """A file of a contract folder breaks a rule; nothing is served until it is mended."""

    def __init__(self, file: Path, rule: str, message: str) -> None:
        super().__init__(f"{file}: {rule}: {message}")
        self.file = file
        self.rule = rule
        self.message = message


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
