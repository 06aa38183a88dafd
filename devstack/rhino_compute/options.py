"""The command's options; the names of Rhino.Compute's own where it has them."""

import argparse
import os
from dataclasses import dataclass

from devstack.rhino_compute.child_settings import ChildSettings
from devstack.rhino_compute.faults import FAULT_HEADER, Fault
from devstack.rhino_compute.limits import ScriptLimits
from devstack.rhino_compute.parent import ParentSettings

DESCRIPTION = """\
A local server with Rhino.Compute's wire protocol. It evaluates Grasshopper definitions in child
processes, one solve at a time each, and their Python 3 Scripts in further processes with limits. A
component that it does not know is refused by name. RHINO_COMPUTE_KEY sets the API key,
RHINO_COMPUTE_TIMEOUT how many seconds the parent waits for a child (100), and
RHINO_COMPUTE_MAX_REQUEST_SIZE the bytes of a request (52428800)."""
LIMITS = ScriptLimits()
MAX_CHILDREN = 255


@dataclass(frozen=True, slots=True)
class Options:
    """A parsed command line, with the environment."""

    port: int
    child_count: int
    spawns_on_startup: bool
    idle_span_s: float
    parent: ParentSettings
    child: ChildSettings


def parse_options(arguments: list[str] | None = None) -> Options:
    """Return the options; a wrong one ends the command with a line that says so."""
    parser = _parser()
    given = parser.parse_args(arguments)
    fault = Fault(given.fault) if given.fault else None
    is_slow = fault is Fault.SLOW_START
    try:
        timeout_s = float(os.environ.get("RHINO_COMPUTE_TIMEOUT", "100"))
        max_bytes = int(os.environ.get("RHINO_COMPUTE_MAX_REQUEST_SIZE", "52428800"))
    except ValueError as error:
        parser.error(f"RHINO_COMPUTE_TIMEOUT or RHINO_COMPUTE_MAX_REQUEST_SIZE: {error}")
    return Options(
        port=given.port,
        child_count=given.childcount,
        spawns_on_startup=given.spawn_on_startup,
        idle_span_s=given.idlespan,
        parent=ParentSettings(
            api_key=os.environ.get("RHINO_COMPUTE_KEY", ""),
            timeout_s=timeout_s,
            max_request_bytes=max_bytes,
            # At the start it is the child that is slow; requests wait for it on their own.
            fault=None if is_slow else fault,
            allows_faults=given.allow_faults,
            slow_start_s=given.slow_start,
        ),
        child=ChildSettings(
            limits=ScriptLimits(given.script_time, given.script_memory, given.script_output),
            sticky_inputs=given.sticky_inputs,
            start_delay_s=given.slow_start if is_slow else 0,
        ),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m devstack.rhino_compute", description=DESCRIPTION
    )
    add = parser.add_argument
    add("--port", type=int, required=True, help="0 picks a free port")
    add("--childcount", type=_child_count, default=1, help="solves at a time (1)")
    add("--idlespan", type=_positive, default=3600, help="seconds until unused children end (3600)")
    add("--spawn-on-startup", action="store_true", help="start children before the first request")
    add(
        "--sticky-inputs",
        action="store_true",
        help="keep the last value of inputs a request leaves out, as the real server does",
    )
    _add_limits(parser)
    _add_faults(parser)
    return parser


def _add_limits(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("limits of scripts").add_argument
    time_help = f"seconds for all scripts of a solve together ({LIMITS.time_s})"
    add("--script-time", type=_positive, default=LIMITS.time_s, metavar="S", help=time_help)
    memory_help = f"megabytes of memory, on Linux ({LIMITS.memory_mb})"
    add(
        "--script-memory", type=_megabytes, default=LIMITS.memory_mb, metavar="MB", help=memory_help
    )
    output_help = f"megabytes of results and printed text ({LIMITS.output_mb})"
    add(
        "--script-output", type=_megabytes, default=LIMITS.output_mb, metavar="MB", help=output_help
    )


def _add_faults(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("faults, for tests").add_argument
    add("--fault", choices=[fault.value for fault in Fault], help="fail every solve this way")
    allow_help = f"let a request choose its fault in the header {FAULT_HEADER}"
    add("--allow-faults", action="store_true", help=allow_help)
    add("--slow-start", type=_positive, default=5, metavar="S", help="seconds of slow-start (5)")


def _positive(text: str) -> float:
    seconds = float(text)
    if not seconds > 0:
        raise argparse.ArgumentTypeError("must be above 0")
    return seconds


def _megabytes(text: str) -> int:
    megabytes = int(text)
    if megabytes < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return megabytes


def _child_count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= MAX_CHILDREN:
        raise argparse.ArgumentTypeError(f"must be from 1 to {MAX_CHILDREN}")
    return count
