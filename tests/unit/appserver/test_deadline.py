import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from appserver.compute.mock_solver import MockSolver
from appserver.domain.errors import SolveTimeoutError
from appserver.domain.solution import Solution
from appserver.domain.trace import Trace
from appserver.services import Services
from appserver.use_cases.solve import SolveOrder, solve
from contracts.model import Contract, JsonObject
from contracts.registry import Registry


class Stuck(MockSolver):
    """A solver that keeps no deadline of its own."""

    was_cancelled = False

    async def solve(self, contract: Contract, inputs: JsonObject, trace: Trace) -> Solution:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise
        return await super().solve(contract, inputs, trace)


async def test_an_answer_has_the_solves_time_and_a_margin(
    make_registry: Callable[..., Registry],
) -> None:
    registry = make_registry({}, [], timeout_sec=0.02)
    solver = Stuck()
    services = Services(registry, solver, lambda: datetime.now(UTC), 0.01)
    order = SolveOrder("echo", registry.resolve("echo", None, None), {}, Trace("test"))
    with pytest.raises(SolveTimeoutError, match=r"No answer within 0\.03 s"):
        await solve(services, order)
    assert solver.was_cancelled
