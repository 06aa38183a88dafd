"""Fill in what every contract may declare, so that definitions need not write it."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import JsonValue

from appserver.domain.artifacts import describe_artifacts
from appserver.domain.solution import Solution
from contracts.defaults import members
from contracts.model import Bindings, Contract, Engine, JsonObject, Limits
from contracts.paths import Path, read, write


def complete_outputs(
    contract: Contract,
    limits: Limits,
    solution: Solution,
    origin: tuple[JsonObject, Engine, datetime],
) -> JsonObject:
    """Outputs with lists cut, and `artifacts` and `metadata` added where the schema declares them.

    Args:
        contract: the contract that was solved.
        limits: the manifest's caps as the app's policy overrides them.
        solution: what the solver answered.
        origin: the inputs, the engine and the instant of the solve.

    Raises:
        OutputContractError: an artifact is refused.
    """
    outputs = dict(solution.outputs)
    cuts = _cut_lists(contract.bindings, outputs, limits.max_results)
    descriptors = describe_artifacts(solution.artifacts, limits)
    declared = dict(members(contract.outputs_schema))
    if "artifacts" in declared:
        outputs["artifacts"] = descriptors
    if "metadata" in declared:
        outputs["metadata"] = _metadata(contract, origin, [*solution.warnings, *cuts])
    return outputs


def _cut_lists(bindings: Bindings, outputs: JsonObject, most: int) -> list[str]:
    """Cut every bound list to its first `most` entries; one warning for each cut."""
    warnings: list[str] = []
    paths = [Path.parse(binding.output_path) for binding in bindings.outputs]
    for head in dict.fromkeys(path.head for path in paths if path.is_list):
        try:
            entries = read(outputs, head)
        except KeyError:
            continue
        if isinstance(entries, list) and len(entries) > most:
            write(outputs, head, entries[:most])
            warnings.append(f"{head[-1]} cut from {len(entries)} to {most}")
    return warnings


def _metadata(
    contract: Contract, origin: tuple[JsonObject, Engine, datetime], warnings: Sequence[str]
) -> JsonValue:
    inputs, engine, generated_at = origin
    units = contract.manifest.units
    seed, crs = inputs.get("seed"), inputs.get("crs")
    return {
        "definition": contract.ref.definition,
        "version": contract.ref.version,
        "units": {"length": units.length, "angle": units.angle, "crs": crs},
        "seed": seed,
        "generated_at": generated_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "engine": {"name": engine.name, "version": engine.version},
        "cache_hit": False,
        "warnings": list(warnings),
    }
