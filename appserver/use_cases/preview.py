"""Show early what a solve will give: fresh in time, or solved before for near inputs."""

import asyncio

import orjson

from appserver.admission.memo import Remembered
from appserver.admission.snapping import snap
from appserver.services import Services
from appserver.use_cases.admit import Caller, SolveOrder, pass_gate
from appserver.use_cases.solve import remembered, solve
from contracts.errors import ContractViolationError
from contracts.model import JsonObject
from contracts.registry import ServedContract
from contracts.wire.preview import PreviewQuality


async def preview(
    services: Services, caller: Caller, named: tuple[str, str], inputs: JsonObject
) -> bytes | None:
    """A `PreviewAnswer` as JSON; None when nothing is at hand within the policy's timebox.

    A solve that takes longer is cancelled, unless somebody else waits for it too.

    Raises:
        SeatsExhaustedError: no seat is free; a preview does not wait for one.
        AppServerError: what `admit` and `solve` say.
    """
    served = pass_gate(services, caller, named, "preview")
    order = _order(services, caller, served, inputs)
    timebox_ms = services.registry.policy(caller.app_id).preview.timebox_ms
    known = remembered(services, order)
    if known is not None:
        return _answer(known.answer, "cached", known.inputs, timebox_ms)
    try:
        async with asyncio.timeout(timebox_ms / 1000):
            fresh = await solve(services, order)
    except TimeoutError:
        near = _nearest(services, order)
        return None if near is None else _answer(near.answer, "approx", near.inputs, timebox_ms)
    return _answer(fresh, "fresh", orjson.dumps(order.inputs), timebox_ms)


def _order(
    services: Services, caller: Caller, served: ServedContract, inputs: JsonObject
) -> SolveOrder:
    accepted = services.registry.accept_inputs(caller.app_id, served, inputs)
    steps = services.registry.policy(caller.app_id).preview.steps
    if steps:
        accepted = _snapped(services, caller.app_id, served, accepted)
    key = services.memo_keys.key(caller.app_id, caller.tenant_id, served.contract, accepted)
    return SolveOrder(caller, served, accepted, key, "preview")


def _snapped(
    services: Services, app_id: str, served: ServedContract, accepted: JsonObject
) -> JsonObject:
    """The nearest position of the policy's steps, unless the contract refuses it."""
    moved = snap(accepted, services.registry.policy(app_id).preview.steps)
    try:
        return services.registry.accept_inputs(app_id, served, moved)
    except ContractViolationError:
        return accepted


def _nearest(services: Services, order: SolveOrder) -> Remembered | None:
    caller = order.caller
    sought = services.memo_keys.neighbourhood(
        caller.app_id, caller.tenant_id, order.served.contract, order.inputs
    )
    return None if sought is None else services.memo.nearest(sought)


def _answer(answer: bytes, quality: PreviewQuality, inputs: bytes, timebox_ms: int) -> bytes:
    solved = orjson.loads(answer)
    shown = {name: solved[name] for name in ("outputs", "artifacts")}
    about = {"quality": quality, "inputs": orjson.Fragment(inputs), "timebox_ms": timebox_ms}
    return orjson.dumps({**shown, **about})
