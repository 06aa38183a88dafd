"""Processor time of each part of a stack: a figure that a busy machine disturbs little.

Source: proc(5); Linux only.
"""

import os
from pathlib import Path

from devstack.stack import Stack

PARTS = ("functions", "appserver", "compute", "service_bus", "postgres")
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_PARENT, _USER, _SYSTEM = 1, 11, 12  # positions after the program's name


def cpu_ms(stack: Stack) -> dict[str, float]:
    """Milliseconds that each part and its living children have used so far."""
    spent, parents = _processes()
    found: dict[str, float] = {}
    for part in PARTS:
        family = {stack.pid(part)}
        while more := {pid for pid, parent in parents.items() if parent in family} - family:
            family |= more
        found[part] = sum(spent[pid] for pid in family)
    return found


def cpu_s_of(pid: int) -> float:
    """Seconds that one process has used so far."""
    spent, _ = _processes()
    return spent[pid] / 1000


def _processes() -> tuple[dict[int, float], dict[int, int]]:
    spent: dict[int, float] = {}
    parents: dict[int, int] = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        pid = int(file.parent.name)
        parents[pid] = int(fields[_PARENT])
        spent[pid] = (int(fields[_USER]) + int(fields[_SYSTEM])) * 1000 / _TICKS_PER_S
    return spent, parents
