"""What a queue reports so that a restart can bring it back."""

from typing import Protocol

from devstack.service_bus.message import QueuedMessage


class Journal(Protocol):
    """Records the changes of one queue; durable only after the broker's commit."""

    def added(self, message: QueuedMessage) -> None:
        """The message came in."""
        ...

    def changed(self, message: QueuedMessage) -> None:
        """State, delivery count or instants of the message changed."""
        ...

    def dead_lettered(self, message: QueuedMessage) -> None:
        """The message moved to the dead-letter queue, with these application properties."""
        ...

    def removed(self, message: QueuedMessage) -> None:
        """The message is gone."""
        ...

    def duplicate_seen(self, message_id: bytes, seen_at: float) -> None:
        """The message id was seen first at this instant."""
        ...

    def duplicates_forgotten(self, before: float) -> None:
        """Message ids seen before this instant no longer matter."""
        ...


class NoJournal:
    """Keeps nothing: the queues live as long as the emulator."""

    def added(self, message: QueuedMessage) -> None:
        """Keeps nothing."""

    def changed(self, message: QueuedMessage) -> None:
        """Keeps nothing."""

    def dead_lettered(self, message: QueuedMessage) -> None:
        """Keeps nothing."""

    def removed(self, message: QueuedMessage) -> None:
        """Keeps nothing."""

    def duplicate_seen(self, message_id: bytes, seen_at: float) -> None:
        """Keeps nothing."""

    def duplicates_forgotten(self, before: float) -> None:
        """Keeps nothing."""
