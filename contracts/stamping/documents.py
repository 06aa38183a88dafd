"""The JSON documents of a stamped contract."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from contracts.description.description import Description
from contracts.model import JsonObject
from contracts.stamping.member import InputMember, OutputMember

LENGTH_UNIT = "m"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class ContractDocuments:
    """The files of a version folder as JSON; examples by file stem."""

    inputs_schema: JsonObject
    outputs_schema: JsonObject
    bindings: JsonObject
    manifest: JsonObject
    plugins: JsonObject
    valid: dict[str, JsonObject] = field(default_factory=dict[str, JsonObject])
    invalid: dict[str, JsonObject] = field(default_factory=dict[str, JsonObject])

    def by_path(self) -> dict[str, JsonObject]:
        """Each document by its path in the folder."""
        return {
            "inputs.schema.json": self.inputs_schema,
            "outputs.schema.json": self.outputs_schema,
            "bindings.json": self.bindings,
            "manifest.json": self.manifest,
            "plugins.json": self.plugins,
            **{f"examples/valid/{stem}.json": one for stem, one in self.valid.items()},
            **{f"examples/invalid/{stem}.json": one for stem, one in self.invalid.items()},
        }


def policy_document(app_id: str) -> JsonObject:
    """A policy that serves one app modestly."""
    return {
        "app_id": app_id,
        "allowed_definitions": [app_id],
        "max_concurrency": 4,
        "preview_seats": 1,
        "batch_seats": 4,
        "rate_limits": {"preview_rps": 5, "batch_jobs_per_min": 600},
        "manifest_overrides": {},
        "max_attempts": 5,
        "result_cache_ttl": 86_400,
        "artifact_ttl_days": 30,
    }


def manifest_document() -> JsonObject:
    """A manifest with every limit written down."""
    return {
        "timeout_sec": 60,
        "channel": "stable",
        "limits": {
            "max_vertices": 2_000,
            "max_samples": 5_000_000,
            "max_results": 1_000,
            "max_area_m2": 1_000_000,
            "max_artifact_mb": 20,
        },
        "sampling": [],
        "concurrency": {"class": "batch", "weight": 1},
        "units": {"length": LENGTH_UNIT, "angle": "deg", "crs_required": False},
        "determinism": {"seed_required": False},
        "execution": "queue",
        "tolerances": {"absolute": 0.001, "angle_deg": 0.1},
    }


def plugins_document(description: Description) -> JsonObject:
    """Engine and plugins as the document was saved with them."""
    needed = {one.name: one.version for one in description.libraries}
    return {
        "engine": {"name": "Rhino.Compute", "version": "8.0"},
        "plugins": [{"name": name, "version": version} for name, version in needed.items()],
    }


def inputs_document(app_id: str, summary: str, members: Sequence[InputMember]) -> JsonObject:
    """The schema of the inputs."""
    schemas = {member.name: member.schema for member in members}
    required = [member.name for member in members if member.is_required]
    return _schema(f"{app_id} inputs", summary, schemas, required)


def outputs_document(app_id: str, summary: str, members: Sequence[OutputMember]) -> JsonObject:
    """The schema of the outputs."""
    schemas: dict[str, JsonObject] = {
        member.name: {**member.schema, "description": member.description} for member in members
    }
    return _schema(f"{app_id} outputs", summary, schemas, list(schemas))


def bindings_document(inputs: Sequence[InputMember], outputs: Sequence[OutputMember]) -> JsonObject:
    """The bindings of both sides."""
    return {
        "inputs": [member.binding for member in inputs],
        "outputs": [member.binding for member in outputs],
    }


def _schema(
    title: str, summary: str, schemas: dict[str, JsonObject], required: list[str]
) -> JsonObject:
    listed: list[JsonValue] = [*required]
    return {
        "$schema": _DIALECT,
        "title": title,
        "description": summary,
        "type": "object",
        "additionalProperties": False,
        "required": listed,
        "properties": dict(schemas),
    }
