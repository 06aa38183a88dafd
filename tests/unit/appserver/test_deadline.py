import asyncio
from collections.abc import Callable

import pytest

from appserver.compute.mock_solver import MockSolver
from appserver.config import Settings
from appserver.domain.errors import SolveTimeoutError
from appserver.domain.solution import Solution
from appserver.domain.trace import Trace
from appserver.main import build_services
from appserver.use_cases.admit import Caller, admit
from appserver.use_cases.solve import solve
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
    environment = {"USE_COMPUTE": "false", "ALLOW_BARE_INPUTS": "true", "ANSWER_MARGIN_S": "0.01"}
    services = build_services(Settings.read(environment), registry, solver)
    order = admit(services, Caller("echo", None, None, Trace("test")), ("echo", "1.0.0"), {})
    with pytest.raises(SolveTimeoutError, match=r"No answer within 0\.03 s"):
        await solve(services, order)
    assert solver.was_cancelled
