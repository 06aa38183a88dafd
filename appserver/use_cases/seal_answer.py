"""Say, signed, what a result was made of."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from appserver.domain.provenance import SolveFacts, provenance_document
from appserver.domain.solution import Origin
from appserver.services import Services
from appserver.use_cases.admit import SolveOrder
from contracts.digest import inputs_hash
from contracts.model import JsonObject

_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class SolvedOutputs:
    """Outputs as they are answered, and where and when they were made."""

    outputs: JsonObject
    origin: Origin | None
    solved_at: datetime


def seal_answer(services: Services, order: SolveOrder, solved: SolvedOutputs) -> JsonObject | None:
    """The signed provenance of a solve; None where no key is set, which only the mock allows.

    `inputs_hash` is the job's own: it covers tenant, app, contract and inputs.
    """
    if services.signing_key is None:
        return None
    caller, contract = order.caller, order.served.contract
    hashed = inputs_hash(caller.tenant_id or _NOBODY, caller.app_id, contract.ref, order.inputs)
    facts = SolveFacts(
        app_id=caller.app_id,
        contract=contract,
        inputs=order.inputs,
        inputs_hash=hashed,
        outputs=solved.outputs,
        origin=solved.origin,
        solved_at=solved.solved_at,
    )
    return services.signing_key.sign(provenance_document(facts))
