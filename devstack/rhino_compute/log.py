"""One JSON object a line, on standard error."""

import json
import os
import sys


def log_line(event: str, **fields: object) -> None:
    """Write what happened; one write, so that lines of several processes do not mix."""
    line = {"process": "rhino_compute", "pid": os.getpid(), "event": event, **fields}
    sys.stderr.write(json.dumps(line) + "\n")
    sys.stderr.flush()
