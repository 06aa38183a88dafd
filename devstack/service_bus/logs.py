"""One JSON line per event, to stderr."""

import json
import sys
from datetime import UTC, datetime


def log_event(event: str, **fields: str | float | None) -> None:
    """Write an event, named in the past tense, and what belongs to it; never a token or a body."""
    line = {"ts": datetime.now(UTC).isoformat(), "event": event, **fields}
    print(json.dumps(line), file=sys.stderr, flush=True)
