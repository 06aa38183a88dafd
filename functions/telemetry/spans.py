"""Spans: what happened inside a request or a run, and how long it took.

Until `exporting.start` is called nothing is recorded and no library is imported.

Source: OpenTelemetry, Tracing API; W3C Trace Context, section 3.2.
"""

from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Literal, ParamSpec, TypeVar

import structlog

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.trace import Link, Tracer

P = ParamSpec("P")
R = TypeVar("R")
Kind = Literal["internal", "server", "client", "producer", "consumer"]
Value = str | int | float | bool

# What identifies a job in a log line identifies it in a span.
IDENTITY = ("app_id", "tenant_id", "job_id", "definition", "version", "correlation_id", "code")


@dataclass(slots=True)
class _Recording:
    """The process's tracer; OpenTelemetry itself keeps one for each process."""

    tracer: "Tracer | None" = None


_recording = _Recording()


def record_with(tracer: "Tracer | None") -> None:
    """Record every span from now on, or none."""
    _recording.tracer = tracer


@contextmanager
def span(
    name: str, kind: Kind = "internal", *, parent: str | None = None, **attributes: Value
) -> Generator[None]:
    """Record the block as a span; what the log lines of its end are bound to becomes attributes.

    Args:
        name: few different ones: ids belong into the attributes.
        kind: as OpenTelemetry defines it.
        parent: a `traceparent`. A span of another trace than the present one is linked to it; one
            of the same trace stays the child of the present span.
        attributes: exported as they are named.
    """
    tracer = _recording.tracer
    if tracer is None:
        yield
        return
    from opentelemetry.trace import SpanKind, StatusCode

    context, links = _place(parent)
    with tracer.start_as_current_span(
        name,
        context,
        SpanKind[kind.upper()],
        links=links,
        record_exception=False,  # messages of exceptions may quote inputs
        set_status_on_exception=False,
    ) as current:
        try:
            yield
        except BaseException as error:
            current.set_status(StatusCode.ERROR)
            current.set_attribute("error.type", str(getattr(error, "code", type(error).__name__)))
            raise
        finally:
            current.set_attributes({**_identity(), **attributes})


def traced(
    name: str, kind: Kind = "internal"
) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Awaitable[R]]]:
    """Record each call of an async function as a span."""

    def decorate(function: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
        @wraps(function)
        async def recorded(*args: P.args, **kwargs: P.kwargs) -> R:
            with span(name, kind):
                return await function(*args, **kwargs)

        return recorded

    return decorate


def annotate(attributes: Mapping[str, Value]) -> None:
    """Add attributes to the present span."""
    if _recording.tracer is not None:
        from opentelemetry.trace import get_current_span

        get_current_span().set_attributes(attributes)


def current_traceparent() -> str | None:
    """What makes another process's span a child of the present one; None: nothing is recorded."""
    if _recording.tracer is None:
        return None
    from opentelemetry.trace import get_current_span

    here = get_current_span().get_span_context()
    if not here.is_valid:
        return None
    return f"00-{here.trace_id:032x}-{here.span_id:016x}-{here.trace_flags:02x}"


def _place(parent: str | None) -> "tuple[Context | None, list[Link]]":
    from opentelemetry.context import Context
    from opentelemetry.trace import Link, get_current_span
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    if parent is None:
        return None, []
    remote = TraceContextTextMapPropagator().extract({"traceparent": parent}, Context())
    there = get_current_span(remote).get_span_context()
    here = get_current_span().get_span_context()
    if not there.is_valid or here.trace_id == there.trace_id:
        return None, []
    return remote, [Link(here)] if here.is_valid else []


def _identity() -> dict[str, Value]:
    bound = structlog.contextvars.get_contextvars()
    return {f"kuduso.{name}": str(bound[name]) for name in IDENTITY if name in bound}
