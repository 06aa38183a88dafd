"""What a result was made of, in words that a third party can check.

Source: ADR 18.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from appserver.domain.solution import Origin
from contracts.digest import canonical_json
from contracts.model import Contract, JsonObject
from contracts.wire.provenance import FORMAT

_LINK_MEMBERS = ("href", "href_expires_at")


@dataclass(frozen=True, slots=True)
class SolveFacts:
    """One finished solve; `inputs` and `outputs` are complete, as they were hashed and answered."""

    app_id: str
    contract: Contract
    inputs: JsonObject
    inputs_hash: str
    outputs: JsonObject
    origin: Origin | None
    solved_at: datetime


def provenance_document(facts: SolveFacts) -> JsonObject:
    """The document before it is signed."""
    contract, manifest = facts.contract, facts.contract.manifest
    origin = facts.origin
    return {
        "format": FORMAT,
        "app_id": facts.app_id,
        "definition": contract.ref.definition,
        "version": contract.ref.version,
        "definition_hash": contract.definition_file.sha256,
        "plugins_hash": contract.plugins_hash,
        "engine": {
            "name": contract.plugins.engine.name if origin else "mock",
            "versions": dict(origin.versions) if origin else {},
        },
        "node": origin.node if origin else "mock",
        "tolerances": {
            "absolute": manifest.tolerances.absolute,
            "angle_deg": manifest.tolerances.angle_deg,
        },
        "units": {
            "length": manifest.units.length,
            "angle": manifest.units.angle,
            "crs": facts.inputs.get("crs"),
        },
        "seed": facts.inputs.get("seed"),
        "inputs_hash": facts.inputs_hash,
        "outputs_hash": outputs_hash(facts.outputs),
        "solved_at": facts.solved_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def outputs_hash(outputs: JsonObject) -> str:
    """SHA-256 of the canonical JSON, without the links that are made anew at each reading."""
    artifacts = outputs.get("artifacts")
    if isinstance(artifacts, list):
        outputs = {**outputs, "artifacts": [_unlinked(entry) for entry in artifacts]}
    return hashlib.sha256(canonical_json(outputs)).hexdigest()


def _unlinked(entry: JsonValue) -> JsonValue:
    if not isinstance(entry, dict):
        return entry
    return {name: value for name, value in entry.items() if name not in _LINK_MEMBERS}
