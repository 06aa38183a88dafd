"""How a receiver settles a message."""

from dataclasses import dataclass
from enum import Enum

from devstack.service_bus.values import AmqpKey, AmqpValue


class Outcome(Enum):
    """The five ends of a message lock."""

    COMPLETE = "complete"
    RELEASE = "release"
    """Back to the queue, the delivery does not count."""
    ABANDON = "abandon"
    """Back to the queue, the delivery counts."""
    DEFER = "defer"
    DEAD_LETTER = "dead_letter"


@dataclass(frozen=True, slots=True)
class DeadLetterCause:
    """Why a message was given up; kept as application properties of the message."""

    reason: str | None = None
    description: str | None = None

    def as_properties(self) -> dict[AmqpKey, AmqpValue]:
        """The application properties that the SDK reads back."""
        named = {"DeadLetterReason": self.reason, "DeadLetterErrorDescription": self.description}
        return {name: text for name, text in named.items() if text is not None}


@dataclass(frozen=True, slots=True)
class Settlement:
    """An outcome and, for a dead letter, its cause."""

    outcome: Outcome
    cause: DeadLetterCause = DeadLetterCause()
