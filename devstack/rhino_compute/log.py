"""One JSON object a line, on standard error."""

import json
import sys


def log_line(event: str, **fields: object) -> None:
    """Write what happened."""
    sys.stderr.write(json.dumps({"process": "rhino_compute", "event": event, **fields}) + "\n")
    sys.stderr.flush()
