"""Duplicate detection by message id within a window."""

from devstack.service_bus.journal import Journal

_PRUNES_PER_WINDOW = 10


class DuplicateHistory:
    """The message ids that came in during the last window."""

    def __init__(self, window_s: float, journal: Journal) -> None:
        self._window_s = window_s
        self._journal = journal
        self._seen: dict[bytes, float] = {}
        self._prune_at = 0.0

    def __len__(self) -> int:
        return len(self._seen)

    def restore(self, message_id: bytes, seen_at: float) -> None:
        """Bring back an id from before a restart, oldest first."""
        self._seen[message_id] = seen_at

    def admits(self, message_id: bytes | None, now: float) -> bool:
        """Whether the message is new; a new id is remembered from here on."""
        if message_id is None or self._window_s <= 0:
            return True
        seen_at = self._seen.get(message_id)
        if seen_at is not None and now - seen_at < self._window_s:
            return False
        self._seen.pop(message_id, None)
        self._seen[message_id] = now
        self._journal.duplicate_seen(message_id, now)
        if now >= self._prune_at:
            self._prune(now)
        return True

    def _prune(self, now: float) -> None:
        self._prune_at = now + self._window_s / _PRUNES_PER_WINDOW
        oldest = now - self._window_s
        passed = [message_id for message_id, seen_at in self._seen.items() if seen_at <= oldest]
        for message_id in passed:
            del self._seen[message_id]
        if passed:
            self._journal.duplicates_forgotten(oldest)
