"""What settings say about reports."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportRules:
    """Where reports may go (origins), and how often a solve that goes on says so."""

    origins: tuple[str, ...]
    heartbeat_s: float
