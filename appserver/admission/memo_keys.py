"""What makes two solves equal, and what makes them neighbours."""

import hashlib
from dataclasses import dataclass, field
from uuid import UUID

import orjson

from appserver.admission.memo import MemoKey, Neighbourhood
from appserver.admission.snapping import split_steps
from contracts.model import Contract, ContractRef, JsonObject
from contracts.registry import Registry


@dataclass(frozen=True, slots=True)
class MemoKeys:
    """Keys over app, tenant, definition file, plugins, tolerances, units, caps and inputs."""

    registry: Registry
    _identities: dict[tuple[str, ContractRef], bytes] = field(
        default_factory=dict[tuple[str, ContractRef], bytes]
    )

    def key(
        self, app_id: str, tenant_id: UUID | None, contract: Contract, inputs: JsonObject
    ) -> MemoKey:
        """The key of accepted inputs."""
        digest = hashlib.sha256(self._identity(app_id, contract))
        digest.update(_text(inputs))
        return MemoKey(app_id, str(tenant_id), digest.digest())

    def neighbourhood(
        self, app_id: str, tenant_id: UUID | None, contract: Contract, inputs: JsonObject
    ) -> Neighbourhood | None:
        """Where accepted inputs stand among those that differ in the policy's steps only."""
        steps = self.registry.policy(app_id).preview.steps
        others, place = split_steps(inputs, steps)
        if not place:
            return None
        return Neighbourhood(self.key(app_id, tenant_id, contract, others), place)

    def _identity(self, app_id: str, contract: Contract) -> bytes:
        known = self._identities.get((app_id, contract.ref))
        if known is None:
            manifest = contract.manifest
            parts = [
                str(contract.ref),
                contract.definition_file.sha256,
                contract.plugins_hash,
                manifest.tolerances.model_dump(),
                manifest.units.model_dump(),
                self.registry.limits(app_id, contract).model_dump(),
            ]
            known = self._identities[app_id, contract.ref] = hashlib.sha256(
                orjson.dumps(parts)
            ).digest()
        return known


def _text(inputs: JsonObject) -> bytes:
    """One text for equal inputs; 1 and 1.0 may differ, which costs a solve and no more."""
    return orjson.dumps(inputs, option=orjson.OPT_SORT_KEYS)
