"""An engine that has no room turns runs away: they wait for it and lose no attempt."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from functions.clients.clock import Clock
from functions.domain.errors import JobFailedError
from functions.domain.job import Run
from functions.services import Services
from functions.use_cases.solve_run import PATIENCE, solve_run
from tests.builders.jobs import submitted_and_claimed

SOLVED = b'{"outputs": {"result": 42}, "artifacts": []}'


@dataclass(eq=False)
class SleepingClock(Clock):
    """Moves by what is slept."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    slept_s: list[float] = field(default_factory=list[float])

    def now(self) -> datetime:
        return self.at

    async def sleep(self, duration_s: float) -> None:
        self.slept_s.append(duration_s)
        self.at += timedelta(seconds=duration_s)


@dataclass
class BusyEngine:
    """Turns the next requests away with these codes, then solves."""

    codes: list[str] = field(default_factory=list[str])
    asked: int = 0
    port: int = 0


@pytest.fixture
def engine() -> Iterator[BusyEngine]:
    state = BusyEngine()

    class Solve(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            state.asked += 1
            code = state.codes.pop(0) if state.codes else None
            body = SOLVED if code is None else f'{{"code": "{code}", "detail": "No."}}'.encode()
            self.send_response(200 if code is None else 429)
            self.send_header("retry-after", "1")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Solve) as server:
        state.port = server.server_address[1]
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield state
        server.shutdown()
        serving.join()


@pytest.fixture
def asking(services: Services, engine: BusyEngine, monkeypatch: pytest.MonkeyPatch) -> Services:
    monkeypatch.setenv("APPSERVER_URL", f"http://127.0.0.1:{engine.port}")
    return services


@pytest.fixture
async def run(asking: Services) -> Run:
    object.__setattr__(asking, "clock", SleepingClock())
    return await submitted_and_claimed(asking.database)


async def test_a_run_waits_for_room(asking: Services, engine: BusyEngine, run: Run) -> None:
    engine.codes = ["seats_exhausted", "rate_limited", "seats_exhausted"]
    answer = await solve_run(asking, run, 30)
    assert answer.outputs == {"result": 42}
    assert engine.asked == 4
    assert isinstance(asking.clock, SleepingClock)
    assert len(asking.clock.slept_s) == 3
    assert min(asking.clock.slept_s) >= 1  # the engine said so


async def test_a_handler_waits_no_longer_than_it_may(
    asking: Services, engine: BusyEngine, run: Run
) -> None:
    engine.codes = ["seats_exhausted"] * 1_000
    begun = asking.clock.now()
    with pytest.raises(JobFailedError) as failure:
        await solve_run(asking, run, 30)
    assert failure.value.code == "seats_exhausted"
    assert timedelta(seconds=80) < asking.clock.now() - begun <= PATIENCE


async def test_other_failures_are_no_reason_to_wait(
    asking: Services, engine: BusyEngine, run: Run
) -> None:
    engine.codes = ["engine_error"]
    with pytest.raises(JobFailedError):
        await solve_run(asking, run, 30)
    assert engine.asked == 1
