"""The GET routes whose answers need no definition.

Source: Rhino.Compute, `ReverseProxyModule` (the parent's) and `compute.geometry` (the children's).
"""

import json
from datetime import UTC, datetime

from devstack.rhino_compute.plugins import installed_plugins

STARTING_ROUTES = frozenset({"/", "/activechildren"})
"""Routes of the parent that start children, as a side effect."""


def parent_answer(path: str, active_children: int, idle_s: int) -> str | None:
    """Return the text of a route that the parent answers; None for what a child answers."""
    return {
        "/": "compute.rhino3d",
        "/healthcheck": "Healthy",
        "/activechildren": str(active_children),
        "/idlespan": str(idle_s),
        "/launch": "",  # starts children for a parent that is Rhino itself; there is none here
        "/favicon.ico": "Handled",
        "/robots.txt": "User-agent: *\nDisallow: / ",
    }.get(path)


def child_answer(path: str) -> str | None:
    """Return the text of a route that a child answers; None where there is nothing."""
    return {
        "/": "compute.rhino3d",
        "/healthcheck": "Healthy",
        "/version": json.dumps(
            {"rhino": "0.0.0 (stand-in, not Rhino)", "compute": "8.0.0.0", "git_sha": None}
        ),
        "/servertime": json.dumps(datetime.now(UTC).isoformat()),
        "/plugins/rhino/installed": "{}",
        "/plugins/gh/installed": json.dumps(installed_plugins()),
        "/sdk": "[]",
    }.get(path)
