"""Pipelines install requirements.txt alone: the delivery's commands need nothing else."""

import json
import re
import subprocess
import sys
from importlib import metadata

from delivery.checkout import ROOT

# Hides every distribution that is not allowed, as if it were not installed.
IMPORTED = """
import importlib.metadata, json, sys
allowed = set(json.load(sys.stdin))
for module, owners in importlib.metadata.packages_distributions().items():
    if not allowed & {owner.lower().replace("_", "-").replace(".", "-") for owner in owners}:
        sys.modules[module] = None
import delivery.__main__
"""


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(names: set[str]) -> set[str]:
    """Distributions and what they need, without extras that nobody asked for."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = plain(waiting.pop())
        if name in found:
            continue
        found.add(name)
        try:
            needed = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        waiting += [re.split(r"[ \[;<>=!~(]", one)[0] for one in needed if "extra ==" not in one]
    return found


def test_the_commands_import_what_pipelines_install() -> None:
    text = (ROOT / "requirements.txt").read_text()
    pinned = set(re.findall(r"^([\w-]+)(?:\[\w+\])?==", text, re.MULTILINE))
    for hidden, expected in ((set[str](), 0), ({"httpx"}, 1)):
        done = subprocess.run(
            [sys.executable, "-c", IMPORTED],
            cwd=ROOT,
            input=json.dumps(sorted(closure(pinned) - hidden)),
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == expected, done.stderr
