"""What each command of `python -m devstack` does; every one returns its exit code."""

import json
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from devstack import identity
from devstack.errors import StartError
from devstack.examples import find_example
from devstack.process import POLL_S
from devstack.settings import StackSettings
from devstack.signals import StopRequested
from devstack.stack import Stack, running_stack
from devstack.state import ComponentState, is_locked, read_running, require_running
from devstack.terminal import paint, say
from devstack.tokens import EXAMPLE_TENANT, TokenRequest, issue_token

_DOWN_TIMEOUT_S = 60


def up(settings: StackSettings) -> int:
    """Serve until a signal or a crash."""
    say(f"starting the stack in {settings.root}")
    with running_stack(settings, say) as stack:
        for line in _welcome(stack):
            say(line)
        try:
            stack.watch()
        except StopRequested:
            say("stopping")
    return 0


def run(settings: StackSettings, app_id: str, example_name: str, version: str | None) -> int:
    """Send one example and show what comes out."""
    from devstack.demo import run_demo

    return run_demo(settings, find_example(app_id, example_name, version))


def token(settings: StackSettings, request: TokenRequest) -> int:
    """Print a token that the running stack takes, or the one started next with these settings."""
    running = read_running(settings.root)
    own = identity.issuer(settings.ports["identity"])
    issuer = running.environment["JWT_ISSUER"] if running else own
    say(issue_token(settings.root, issuer, request))
    return 0


def down(root: Path) -> int:
    """Ask the running stack to stop and wait until it has."""
    running = require_running(root)
    os.kill(running.pid, signal.SIGTERM)
    deadline = time.monotonic() + _DOWN_TIMEOUT_S
    while is_locked(root):
        if time.monotonic() > deadline:
            raise StartError(f"pid {running.pid} still runs after {_DOWN_TIMEOUT_S} s")
        time.sleep(POLL_S)
    say(f"stopped (pid {running.pid})")
    return 0


def status(root: Path, *, as_json: bool) -> int:
    """Show every part; 0 when all of them serve."""
    running = read_running(root)
    now = time.time()
    parts = [_part(part, now) for part in (running.components if running else ())]
    is_up = running is not None and running.is_up
    if as_json:
        pid = running.pid if running else None
        say(json.dumps({"is_up": is_up, "pid": pid, "components": parts}, indent=2))
    elif running is None:
        say("no stack runs here: start one with `make up`")
    else:
        for line in _table(parts):
            say(line)
    return 0 if is_up else 1


def top(root: Path, *, once: bool, as_json: bool) -> int:
    """Show what the running stack is at, each second until a signal comes."""
    from devstack.top import show

    try:
        show(require_running(root), once=once, as_json=as_json)
    except StopRequested:
        say()
    return 0


def orchestrations(root: Path, status: str, *, history_of: str | None, as_json: bool) -> int:
    """List what the task hub holds, whether the stack runs or not, or one instance's history."""
    from devstack.orchestrations import show_history, show_instances

    if history_of is not None:
        show_history(root, history_of)
    else:
        show_instances(root, [one for one in status.split(",") if one], as_json=as_json)
    return 0


def env(root: Path) -> int:
    """Print the running stack's settings."""
    for name, value in sorted(require_running(root).environment.items()):
        say(f"{name}={value}")
    return 0


def _part(part: ComponentState, now: float) -> dict[str, object]:
    uptime_s = None if part.started_at is None else round(now - part.started_at, 1)
    return {**asdict(part), "uptime_s": uptime_s}


def _table(parts: Sequence[dict[str, object]]) -> list[str]:
    lines = [f"{'COMPONENT':<12} {'STATE':<9} {'PID':>7} {'UPTIME':>9}  URL"]
    for part in parts:
        uptime = "-" if part["uptime_s"] is None else f"{part['uptime_s']} s"
        pid = part["pid"] or "-"
        lines.append(f"{part['name']:<12} {part['state']:<9} {pid:>7} {uptime:>9}  {part['url']}")
    return lines


def _welcome(stack: Stack) -> list[str]:
    token = stack.token(EXAMPLE_TENANT)
    example = "contracts/sitefit/1.0.0/examples/valid/minimal.json"
    contract = r"\"definition\":\"sitefit\",\"version\":\"1.0.0\""
    body = f'"{{{contract},\\"inputs\\":$(cat {example})}}"'
    return [
        "",
        paint("the stack is up", "green"),
        f"  API        {stack.functions_url}",
        f"  health     {stack.functions_url}/health/ready",
        f"  AppServer  {stack.wiring.url('appserver')}",
        f"  compute    {stack.wiring.url('compute')}",
        f"  logs       {stack.settings.root / 'logs'}",
        "  figures    .venv/bin/python -m devstack top",
        "",
        f"  curl -s -X POST {stack.functions_url}/sitefit/jobs/run \\",
        f"    -H 'Authorization: Bearer {token}' \\",
        f"    -H 'Content-Type: application/json' -d {body}",
        "",
        "Ctrl-C stops everything",
    ]
