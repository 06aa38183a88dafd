"""The GET routes of rhino.compute whose answers need no definition."""

import json
from datetime import UTC, datetime


def fixed_answer(path: str, idle_s: int) -> str:
    """Return the text of a route; unknown routes are empty, with status 200 like known ones.

    The real reverse proxy passes on only the text of what its child answers to a GET.
    """
    texts = {
        "/": "compute.rhino3d",
        "/healthcheck": "Healthy",
        "/activechildren": "1",
        "/idlespan": str(idle_s),
        "/favicon.ico": "Handled",
        "/robots.txt": "User-agent: *\nDisallow: / ",
        "/version": json.dumps(
            {"rhino": "0.0.0 (stand-in, not Rhino)", "compute": "8.0.0.0", "git_sha": None}
        ),
        "/servertime": json.dumps(datetime.now(UTC).isoformat()),
        "/plugins/rhino/installed": "{}",
        "/plugins/gh/installed": "{}",
    }
    return texts.get(path.rstrip("/") or "/", "")
