"""Answers that were solved before: bounded, forgotten in time, never shared between tenants."""

import math
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

# What one entry weighs beside its texts, as resident memory shows it (bench.appserver): keys,
# tuples, their places in dictionaries, and what the allocator cannot use between them.
ENTRY_BYTES = 4_000


class MemoKey(NamedTuple):
    """What makes two solves equal; `digest` covers everything but the app and the tenant."""

    app_id: str
    tenant_id: str
    digest: bytes


class Neighbourhood(NamedTuple):
    """Solves that differ in nothing but inputs that have steps; `place` counts those steps."""

    key: MemoKey
    place: tuple[float, ...]


class Remembered(NamedTuple):
    """One answer as it is sent, the inputs it belongs to, and where its neighbours are."""

    answer: bytes
    inputs: bytes
    expires_at_s: float
    neighbourhood: Neighbourhood | None

    @property
    def size_bytes(self) -> int:
        """What it adds to the memo."""
        return len(self.answer) + len(self.inputs) + ENTRY_BYTES


@dataclass(slots=True)
class Counts:
    """Look-ups of one app, and what became of them."""

    hits: int = 0
    misses: int = 0
    evictions: int = 0
    purged: int = 0

    @property
    def hit_rate(self) -> float | None:
        """Hits of all look-ups, in [0, 1]; None before the first."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else None


@dataclass(slots=True)
class Memo:
    """Least recently used answers go first: of an app over its share, else of all.

    `longest_s`: how long an answer is remembered at most; `app_share`: how much of `max_bytes` one
    app may fill, so that none drives out the others.
    """

    max_bytes: int
    longest_s: float = math.inf
    app_share: float = 0.5
    monotonic_s: Callable[[], float] = time.monotonic
    counts: dict[str, Counts] = field(default_factory=lambda: defaultdict[str, Counts](Counts))
    size_bytes: int = 0
    purges: int = 0
    _entries: OrderedDict[MemoKey, Remembered] = field(
        default_factory=OrderedDict[MemoKey, Remembered]
    )
    _of_app: dict[str, OrderedDict[MemoKey, None]] = field(
        default_factory=dict[str, OrderedDict[MemoKey, None]]
    )
    _app_bytes: dict[str, int] = field(default_factory=dict[str, int])
    _near: dict[MemoKey, dict[MemoKey, tuple[float, ...]]] = field(
        default_factory=dict[MemoKey, dict[MemoKey, tuple[float, ...]]]
    )

    def recall(self, key: MemoKey) -> Remembered | None:
        """The answer for a key, if it is remembered and still in time."""
        found = self._entries.get(key)
        if found is not None and found.expires_at_s <= self.monotonic_s():
            self._drop(key)
            found = None
        if found is None:
            self.counts[key.app_id].misses += 1
            return None
        self.counts[key.app_id].hits += 1
        self._entries.move_to_end(key)
        self._of_app[key.app_id].move_to_end(key)
        return found

    def remember(self, key: MemoKey, entry: Remembered, purges_seen: int) -> None:
        """Keep an answer, unless it is too large or something was purged since its solve began."""
        most = int(self.max_bytes * self.app_share)
        if purges_seen != self.purges or entry.size_bytes > most:
            return
        if key in self._entries:
            self._drop(key)
        self._keep(key, entry)
        while self._app_bytes[key.app_id] > most:
            self._evict(next(iter(self._of_app[key.app_id])))
        while self.size_bytes > self.max_bytes:
            self._evict(next(iter(self._entries)))

    def nearest(self, sought: Neighbourhood) -> Remembered | None:
        """The answer whose inputs are the fewest steps away, if there is a neighbour at all."""
        places = self._near.get(sought.key, {})
        now_s = self.monotonic_s()
        in_time = {k: p for k, p in places.items() if self._entries[k].expires_at_s > now_s}
        if not in_time:
            return None
        key = min(in_time, key=lambda key: _distance(in_time[key], sought.place))
        return self._entries[key]

    def purge(self, app_id: str, tenant_id: str | None = None) -> int:
        """Forget an app's answers, or one tenant's of them; also those being solved now."""
        self.purges += 1
        keys = [
            key
            for key in self._of_app.get(app_id, OrderedDict[MemoKey, None]())
            if tenant_id in (None, key.tenant_id)
        ]
        for key in keys:
            self._drop(key)
        self.counts[app_id].purged += len(keys)
        return len(keys)

    def forget_expired(self) -> int:
        """Drop every answer whose time is over."""
        now_s = self.monotonic_s()
        keys = [key for key, entry in self._entries.items() if entry.expires_at_s <= now_s]
        for key in keys:
            self._drop(key)
        return len(keys)

    def app_bytes(self, app_id: str) -> int:
        """What an app's answers take."""
        return self._app_bytes.get(app_id, 0)

    def __len__(self) -> int:
        return len(self._entries)

    def _keep(self, key: MemoKey, entry: Remembered) -> None:
        self._entries[key] = entry
        self._of_app.setdefault(key.app_id, OrderedDict[MemoKey, None]())[key] = None
        self.size_bytes += entry.size_bytes
        self._app_bytes[key.app_id] = self._app_bytes.get(key.app_id, 0) + entry.size_bytes
        if entry.neighbourhood is not None:
            near = self._near.setdefault(entry.neighbourhood.key, {})
            near[key] = entry.neighbourhood.place

    def _evict(self, key: MemoKey) -> None:
        self.counts[key.app_id].evictions += 1
        self._drop(key)

    def _drop(self, key: MemoKey) -> None:
        entry = self._entries.pop(key)
        self.size_bytes -= entry.size_bytes
        self._app_bytes[key.app_id] -= entry.size_bytes
        of_app = self._of_app[key.app_id]
        del of_app[key]
        if not of_app:
            del self._of_app[key.app_id], self._app_bytes[key.app_id]
        if entry.neighbourhood is not None:
            near = self._near[entry.neighbourhood.key]
            del near[key]
            if not near:
                del self._near[entry.neighbourhood.key]


def _distance(place: tuple[float, ...], other: tuple[float, ...]) -> float:
    return sum(abs(a - b) for a, b in zip(place, other, strict=True))
