"""Metrics are read off the log's events: a figure and the line that tells of it cannot differ.

`observe` is one of structlog's processors. Until `measure_with` is called it passes events on.

Source: OpenTelemetry, Metrics API; durations in seconds as its conventions ask.
"""

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.metrics import Meter

Record = Callable[[float, dict[str, str]], None]
# Tenants and jobs stay out: each would be a time series of its own.
_DIMENSIONS = ("app_id", "definition", "version", "code", "lane", "quality")
_ENDINGS = {
    "job_succeeded": "succeeded",
    "job_failed": "failed",
    "job_cancelled": "cancelled",
    "jobs_expired": "expired",
}
_BUCKETS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600)


@dataclass(frozen=True, slots=True)
class Instruments:
    """One for each row of docs/telemetry.md."""

    wait: Record
    solve: Record
    total: Record
    preview: Record
    attempts: Record
    ended: Record
    seats: Record


@dataclass(slots=True)
class _Measuring:
    instruments: Instruments | None = field(default=None)


_measuring = _Measuring()


def measure_with(meter: "Meter | None") -> None:
    """Measure every event from now on, or none."""
    _measuring.instruments = None if meter is None else _instruments(meter)


def observe(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Pass an event on; measure what it tells."""
    instruments = _measuring.instruments
    if instruments is not None:
        dimensions = {f"kuduso.{name}": str(event[name]) for name in _DIMENSIONS if name in event}
        _measure(instruments, event, dimensions)
    return event


def _measure(
    instruments: Instruments, event: MutableMapping[str, Any], dimensions: dict[str, str]
) -> None:
    name = event["event"]
    match name:
        case "job_claimed":
            instruments.wait(event["waited_ms"] / 1000, dimensions)
        case "solve_finished":
            instruments.solve(event["duration_ms"] / 1000, dimensions)
        case "preview_answered":
            instruments.preview(event["duration_ms"] / 1000, dimensions)
        case "seats_counted":
            instruments.seats(event["in_use"], dimensions)
        case _ if name in _ENDINGS:
            _measure_end(instruments, event, {**dimensions, "kuduso.outcome": _ENDINGS[name]})
        case _:
            return


def _measure_end(
    instruments: Instruments, event: MutableMapping[str, Any], dimensions: dict[str, str]
) -> None:
    instruments.ended(event.get("count", 1), dimensions)
    if "attempt" in event:  # a run ended it
        instruments.total(event["duration_ms"] / 1000, dimensions)
        instruments.attempts(event["attempt"], dimensions)


def _instruments(meter: "Meter") -> Instruments:
    def seconds(name: str, description: str) -> Record:
        return meter.create_histogram(
            name, "s", description, explicit_bucket_boundaries_advisory=_BUCKETS_S
        ).record

    return Instruments(
        wait=seconds("kuduso.job.wait", "From the instant an attempt is due to its claim."),
        solve=seconds("kuduso.job.solve", "One solve, as the function app sees it."),
        total=seconds("kuduso.job.total", "From submission to the end of the job."),
        preview=seconds("kuduso.preview.duration", "One preview, as the function app sees it."),
        attempts=meter.create_histogram(
            "kuduso.job.attempts",
            "{attempt}",
            "Attempts of a job that ended.",
            explicit_bucket_boundaries_advisory=(1, 2, 3, 4, 5, 10),
        ).record,
        ended=meter.create_counter("kuduso.job.ended", "{job}", "Jobs by outcome and code.").add,
        seats=meter.create_gauge("kuduso.seats.in_use", "{seat}", "Weights of live seats.").set,
    )
