"""What a definition's scripts may use."""

from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class ScriptLimits:
    """`time_s` is for all scripts of one solve together; the others are for one process of scripts.

    The time is shorter than the proxy's 100 s, so that a caller reads which script took it.
    """

    time_s: float = 90
    memory_mb: int = 2048
    output_mb: int = 64
