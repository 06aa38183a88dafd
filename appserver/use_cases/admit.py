"""Admit a request: grant, rate, schema, caps. The engine is not touched."""

from dataclasses import dataclass
from uuid import UUID

from appserver.admission.gate import LaneName
from appserver.admission.memo import MemoKey
from appserver.domain.trace import Trace
from appserver.services import Services
from contracts.model import JsonObject
from contracts.registry import ServedContract


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and how that is shown; without a tenant it is a developer at a machine."""

    app_id: str
    tenant_id: UUID | None
    grant: str | None
    trace: Trace


@dataclass(frozen=True, slots=True)
class SolveOrder:
    """One admitted request: accepted inputs, defaults materialised, and what makes it equal."""

    caller: Caller
    served: ServedContract
    inputs: JsonObject
    key: MemoKey
    lane: LaneName = "batch"


def admit(
    services: Services, caller: Caller, named: tuple[str, str], inputs: JsonObject
) -> SolveOrder:
    """Check everything that can be checked without an engine.

    Args:
        services: the process's.
        caller: who asks.
        named: definition and version as the path names them; `stable` is a version.
        inputs: as they were sent.

    Raises:
        DrainingError: the process is about to end.
        UnknownContractError: the app has no such contract, or there is no such app.
        ForbiddenError: the tenant may not use the app.
        RateLimitedError: the tenant asks too fast.
        ContractViolationError: the inputs are refused.
    """
    served = pass_gate(services, caller, named, "batch")
    accepted = services.registry.accept_inputs(caller.app_id, served, inputs)
    key = services.memo_keys.key(caller.app_id, caller.tenant_id, served.contract, accepted)
    return SolveOrder(caller, served, accepted, key)


def pass_gate(
    services: Services, caller: Caller, named: tuple[str, str], lane: LaneName
) -> ServedContract:
    """The contract that the caller may run now.

    Raises what `admit` says of everything but the inputs.
    """
    services.drain.check()
    served = services.registry.resolve(caller.app_id, *named)
    services.gate.check_grant(caller.grant, caller.app_id, caller.tenant_id)
    services.gate.take_rate(caller.app_id, caller.tenant_id, lane)
    return served
