"""Read one contract folder from disk; the rules that a service needs at start are checked here."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from contracts.digest import canonical_json
from contracts.errors import ContractFileError
from contracts.files import read_json, read_model
from contracts.finding import Finding
from contracts.governance.bindings import binding_findings
from contracts.governance.schemas import schema_findings
from contracts.model import (
    Bindings,
    Contract,
    ContractRef,
    DefinitionFile,
    JsonObject,
    Manifest,
    Plugins,
)
from contracts.policy import Policy
from contracts.versions import Version, is_version

T = TypeVar("T")
DEFINITION_SUFFIXES = (".gh", ".ghx")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder says: no contract when a file cannot be read, no findings when all is well."""

    contract: Contract | None
    findings: tuple[Finding, ...]


def load_contract(folder: Path) -> Contract:
    """Read `<definition>/<version>/`.

    Raises:
        ContractFileError: with every file that is missing, unreadable or breaks a rule.
    """
    reading = read_contract(folder)
    if reading.contract is None or reading.findings:
        raise ContractFileError(reading.findings)
    return reading.contract


def read_contract(folder: Path) -> Reading:
    """Read `<definition>/<version>/` and collect every broken rule."""
    findings: list[Finding] = []
    _keep(findings, lambda: _version(folder))
    inputs = _keep(findings, lambda: _read_schema(folder / "inputs.schema.json"))
    outputs = _keep(findings, lambda: _read_schema(folder / "outputs.schema.json"))
    bindings = _keep(findings, lambda: read_model(folder / "bindings.json", Bindings))
    manifest = _keep(findings, lambda: read_model(folder / "manifest.json", Manifest))
    plugins = _keep(findings, lambda: read_model(folder / "plugins.json", Plugins))
    definition = _keep(findings, lambda: _definition_file(folder))
    if not (inputs and outputs and bindings and manifest and plugins and definition):
        return Reading(None, tuple(findings))
    contract = Contract(
        ref=ContractRef(folder.parent.name, folder.name),
        folder=folder,
        inputs_schema=inputs,
        outputs_schema=outputs,
        bindings=bindings,
        manifest=manifest,
        plugins=plugins,
        plugins_hash=_plugins_hash(plugins),
        definition_file=definition,
    )
    return Reading(contract, (*findings, *binding_findings(contract)))


def load_policy(file: Path) -> Policy:
    """Read `<app_id>/policy.json`.

    Raises:
        ContractFileError: the file breaks a rule, or names another app than its folder.
    """
    policy = read_model(file, Policy)
    if policy.app_id != file.parent.name:
        message = f"app_id {policy.app_id!r} is not the folder's name"
        remedy = f"Name the app {file.parent.name!r}, or rename the folder."
        raise ContractFileError([Finding("app_id_differs", file, "/app_id", message, remedy)])
    return policy


def version_folders(app_folder: Path) -> Iterator[Path]:
    """The versions beside a policy, in no order of precedence.

    A folder that is named like a version is one, however little it holds.
    """
    for folder in sorted(entry for entry in app_folder.iterdir() if entry.is_dir()):
        if is_version(folder.name) or (folder / "inputs.schema.json").is_file():
            yield folder


def _keep(findings: list[Finding], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except ContractFileError as error:
        findings.extend(error.findings)
        return None


def _version(folder: Path) -> Version:
    try:
        return Version.parse(folder.name)
    except ValueError as error:
        remedy = "Rename the folder to MAJOR.MINOR.PATCH."
        raise ContractFileError(
            [Finding("version_invalid", folder, "", str(error), remedy)]
        ) from error


def _read_schema(file: Path) -> JsonObject:
    schema = read_json(file)
    findings = list(schema_findings(file, schema))
    if findings or not isinstance(schema, dict):
        raise ContractFileError(findings)
    return schema


def _plugins_hash(plugins: Plugins) -> str:
    """SHA-256 of engine and plugins in a fixed order: what attestation compares."""
    in_order = sorted(plugins.plugins, key=lambda plugin: plugin.name.lower())
    document = plugins.model_copy(update={"plugins": in_order}).model_dump(mode="json")
    return hashlib.sha256(canonical_json(document)).hexdigest()


def _definition_file(folder: Path) -> DefinitionFile:
    found = sorted(file for file in folder.iterdir() if file.suffix in DEFINITION_SUFFIXES)
    if len(found) != 1:
        message = f"exactly one .gh or .ghx file is needed, found {len(found)}"
        remedy = "Keep the one definition that this version releases."
        raise ContractFileError([Finding("definition_count", folder, "", message, remedy)])
    return DefinitionFile(found[0], hashlib.sha256(found[0].read_bytes()).hexdigest())
