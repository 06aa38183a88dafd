"""Failures on demand, so that what calls Rhino.Compute can be tested against them.

A fault applies to `POST /grasshopper`; everything else stays healthy.
"""

from enum import StrEnum

FAULT_HEADER = "X-Fault"


class Fault(StrEnum):
    """What goes wrong."""

    HANG = "hang"
    """The solve never ends: its child keeps the lock."""
    SLOW_START = "slow-start"
    """Every request waits, as while a child starts."""
    EMPTY_500 = "empty-500"
    DEFINITION_500 = "definition-500"
    HTML_502 = "html-502"
    """What IIS answers in front of a server that is gone."""
    WRONG_TYPES = "wrong-types"
    STICKY_INPUTS = "sticky-inputs"
    """Omitted inputs keep the values of the request before."""
    MEMORY_GROWTH = "memory-growth"
    """The child grows by 64 MB with each solve."""
    RESET = "reset"
    """The connection is reset without an answer."""
    CRASH = "crash"
    """The child exits in the middle of the solve."""
