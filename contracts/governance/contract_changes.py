"""The semantic difference of two versions of a contract, and the version number it asks for."""

from collections.abc import Iterator, Sequence

from contracts.governance.change import Bump, Change
from contracts.governance.release_lock import digests
from contracts.governance.schema_changes import schema_changes
from contracts.model import ArtifactBinding, Bindings, Contract, Manifest
from contracts.paths import pointer_to

_COMPARED_APART = ("inputs.schema.json", "outputs.schema.json")


def contract_changes(before: Contract, after: Contract) -> list[Change]:
    """Every difference, the gravest first."""
    found = [
        *schema_changes("inputs", before.inputs_schema, after.inputs_schema),
        *schema_changes("outputs", before.outputs_schema, after.outputs_schema),
        *_artifact_changes(before.bindings, after.bindings),
        *_unit_changes(before.manifest, after.manifest),
        *_limit_changes(before.manifest, after.manifest),
    ]
    told = {change.file for change in found}
    found += [change for change in _file_changes(before, after) if change.file not in told]
    return sorted(found, key=lambda change: -change.bump)


def required_bump(changes: Sequence[Change]) -> Bump:
    """The part of the version number that the changes ask for."""
    return max((change.bump for change in changes), default=Bump.PATCH)


def _artifact_changes(before: Bindings, after: Bindings) -> Iterator[Change]:
    was, now = (_artifacts(bindings) for bindings in (before, after))
    for kind in sorted(was.keys() | now.keys()):
        if kind not in now:
            yield _binding_change(Bump.MAJOR, f"artifact {kind!r}: removed")
        elif kind not in was:
            yield _binding_change(Bump.MINOR, f"artifact {kind!r}: new")
        elif was[kind] != now[kind]:
            yield _binding_change(Bump.MAJOR, f"artifact {kind!r}: file name or type changed")


def _binding_change(bump: Bump, message: str) -> Change:
    return Change(bump, "bindings.json", "/outputs", message)


def _artifacts(bindings: Bindings) -> dict[str, ArtifactBinding | str]:
    """What is known of files beforehand, by kind; of described ones the output alone."""
    return {
        one.artifact.kind if one.artifact else f"of {one.gh_param}": one.artifact or one.gh_param
        for one in bindings.outputs
        if one.makes_files
    }


def _unit_changes(before: Manifest, after: Manifest) -> Iterator[Change]:
    was, now = before.units.model_dump(), after.units.model_dump()
    for name in was:
        if was[name] != now[name]:
            # A CRS that is no longer asked for refuses nobody.
            bump = Bump.MINOR if (name, now[name]) == ("crs_required", False) else Bump.MAJOR
            yield _manifest_change(bump, ("units", name), was[name], now[name])
    seeds = before.determinism.seed_required, after.determinism.seed_required
    if seeds[0] != seeds[1]:
        bump = Bump.MAJOR if seeds[1] else Bump.MINOR
        yield _manifest_change(bump, ("determinism", "seed_required"), *seeds)


def _limit_changes(before: Manifest, after: Manifest) -> Iterator[Change]:
    was, now = before.limits.model_dump(), after.limits.model_dump()
    for name in was:
        if was[name] != now[name]:
            bump = Bump.MAJOR if now[name] < was[name] else Bump.MINOR
            yield _manifest_change(bump, ("limits", name), was[name], now[name])


def _manifest_change(bump: Bump, tokens: tuple[str, str], was: object, now: object) -> Change:
    message = f"{' '.join(tokens)}: changed from {was} to {now}"
    return Change(bump, "manifest.json", pointer_to(*tokens), message)


def _file_changes(before: Contract, after: Contract) -> Iterator[Change]:
    """Files that differ in a way that no client can see."""
    was, now = digests(before.folder), digests(after.folder)
    for path in sorted(was.keys() | now.keys()):
        if was.get(path) != now.get(path):
            verb = "removed" if path not in now else "new" if path not in was else "changed"
            if path not in _COMPARED_APART or verb != "changed":
                yield Change(Bump.PATCH, path, "", verb)
