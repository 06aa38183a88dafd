import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from appserver.compute.mock_solver import MockSolver
from appserver.config import Settings
from appserver.domain.errors import SolveTimeoutError
from appserver.domain.solution import Solution
from appserver.domain.trace import Trace
from appserver.main import build_services
from appserver.use_cases.admit import Caller, admit
from appserver.use_cases.solve import solve
from contracts.model import Contract, ContractRef, JsonObject
from contracts.registry import Registry
from contracts.wire.solve import CALLER_MARGIN_S
from functions.domain.caller import Trace as CallerTrace
from functions.domain.preview import PreviewRequest, seat_lease

ROOT = Path(__file__).parents[3]


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


def test_budgets_nest(registry: Registry) -> None:
    """The engine gives up first, then the AppServer, then its caller: the innermost names it."""
    settings = Settings.read({"USE_COMPUTE": "false"})
    largest = Settings.model_fields["answer_margin_s"].metadata
    assert any(getattr(bound, "lt", None) == CALLER_MARGIN_S for bound in largest)
    started = (ROOT / "pulumi/node/start-node.ps1").read_text()
    proxy = re.search(r"\$longestSolveSeconds = (\d+)", started)
    assert proxy is not None
    for served in registry.contracts.values():
        engine_s = served.contract.manifest.timeout_sec
        appserver_s = engine_s + settings.answer_margin_s
        caller_s = engine_s + CALLER_MARGIN_S
        assert 0 < engine_s < appserver_s < caller_s
        # The engine's own proxy must not give up before us: its child would go on unseen.
        assert caller_s < int(proxy.group(1))
    for policy in registry.policies.values():
        timebox = timedelta(milliseconds=policy.preview.timebox_ms)
        ref = ContractRef("any", "1.0.0")
        asked = PreviewRequest(UUID(int=1), "any", ref, {}, CallerTrace("c", ""), timebox)
        lease_s = seat_lease(timebox).total_seconds()
        assert timebox.total_seconds() < asked.patience_s < lease_s
