"""`make infra`: run every stack offline, show it, check it."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from offline.graph_svg import graph_svg
from offline.preview_table import preview_table
from offline.program import Programs
from offline.stacks import Estate, run_all
from stack_config import FOLDER, SECRET_KEYS

from checks.azure_types import type_faults
from checks.configuration import configuration_faults
from checks.faults import Fault
from checks.golden import confirm, golden_faults
from checks.mgmt_models import MgmtModels
from checks.policies import policy_faults
from checks.queries import query_faults
from checks.secrets import secret_faults

PICTURES = FOLDER.parent / "docs"


def main() -> int:
    """0 when every check passes."""
    chosen = _arguments()
    started, started_cpu = time.perf_counter(), time.process_time()
    estate = run_all(Programs(FOLDER, SECRET_KEYS))
    ran_s = time.perf_counter() - started
    if chosen.resource:
        return _show_resource(estate, chosen.resource)
    _show(estate, every_mode=chosen.unknowns)
    _draw(estate, chosen.pictures)
    if chosen.confirm:
        for recording in estate.applied.values():
            confirm(recording)
    faults = _check(estate)
    used_s = time.process_time() - started_cpu
    print(
        f"{len(estate.applied)} stacks, each in both modes: {ran_s:.1f} s"
        f" (with the checks {used_s:.1f} s of processor time)"
    )
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(faults)} faults" if faults else "no faults")
    return 1 if faults else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make infra ARGS=...", description=__doc__)
    parser.add_argument(
        "--confirm", action="store_true", help="write the golden lists as they are now"
    )
    parser.add_argument(
        "--unknowns", action="store_true", help="show the previews with unknowns as well"
    )
    parser.add_argument(
        "--resource", metavar="NAME", help="show what the resources of this logical name are given"
    )
    parser.add_argument(
        "--pictures", type=Path, default=PICTURES, help="folder of the graphs (%(default)s)"
    )
    return parser.parse_args()


def _show(estate: Estate, *, every_mode: bool) -> None:
    for stack, recording in estate.applied.items():
        print(preview_table(recording), end="\n\n")
        if every_mode:
            print(preview_table(estate.previewed[stack]), end="\n\n")


def _show_resource(estate: Estate, name: str) -> int:
    """Its inputs in every stack that has it; secrets stay hidden. 1 if there is none."""
    found = {
        stack: one.inputs
        for stack, recording in estate.applied.items()
        for one in recording.azure_resources()
        if one.name == name
    }
    print(json.dumps(found, indent=2, default=repr))
    return 0 if found else 1


def _draw(estate: Estate, folder: Path) -> None:
    """One picture of a platform and one of an app: the others differ in sizes only."""
    for stack, name in (("prod-platform", "platform"), ("prod-sitefit", "app")):
        picture = graph_svg(estate.applied[stack])
        (folder / f"infrastructure-{name}.svg").write_text(picture, encoding="utf-8")


def _check(estate: Estate) -> list[Fault]:
    """Every check on every run; each says how long it took."""
    applied, models = list(estate.applied.values()), MgmtModels()
    checks: dict[str, Callable[[], list[Fault]]] = {
        "configuration": lambda: [fault for one in applied for fault in configuration_faults(one)],
        "Azure's types": lambda: [
            fault for one in estate.recordings() for fault in type_faults(one, models)
        ],
        "policy": lambda: [fault for one in applied for fault in policy_faults(one)],
        "secrets": lambda: [fault for one in estate.recordings() for fault in secret_faults(one)],
        "golden lists": lambda: [fault for one in applied for fault in golden_faults(one)],
        "queries": lambda: query_faults(applied),
    }
    faults: list[Fault] = []
    for name, check in checks.items():
        started = time.perf_counter()
        found = check()
        print(f"checked {name}: {len(found)} faults, {time.perf_counter() - started:.1f} s")
        faults += found
    return sorted(set(faults))


if __name__ == "__main__":
    sys.exit(main())
