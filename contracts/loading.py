"""Read one contract folder from disk and check it file by file."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from jsonschema.exceptions import SchemaError
from pydantic import BaseModel, JsonValue, ValidationError

from contracts.digest import canonical_json
from contracts.errors import ContractFileError, JsonTextError
from contracts.governance.bindings import broken_bindings
from contracts.json_text import parse_json
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
from contracts.validation import SchemaChecker
from contracts.versions import Version

M = TypeVar("M", bound=BaseModel)


def load_contract(folder: Path) -> Contract:
    """Read `<definition>/<version>/`.

    Raises:
        ContractFileError: a file is missing, unreadable or breaks a rule.
    """
    try:
        Version.parse(folder.name)
    except ValueError as error:
        raise ContractFileError(folder, "version", str(error)) from error
    contract = Contract(
        ref=ContractRef(folder.parent.name, folder.name),
        folder=folder,
        inputs_schema=_read_schema(folder / "inputs.schema.json"),
        outputs_schema=_read_schema(folder / "outputs.schema.json"),
        bindings=read_model(folder / "bindings.json", Bindings),
        manifest=read_model(folder / "manifest.json", Manifest),
        plugins=(plugins := read_model(folder / "plugins.json", Plugins)),
        plugins_hash=_plugins_hash(plugins),
        definition_file=_definition_file(folder),
    )
    for message in broken_bindings(contract):
        raise ContractFileError(folder / "bindings.json", "bindings", message)
    return contract


def load_policy(file: Path) -> Policy:
    """Read `<app_id>/policy.json`.

    Raises:
        ContractFileError: the file breaks a rule, or names another app than its folder.
    """
    policy = read_model(file, Policy)
    if policy.app_id != file.parent.name:
        message = f"app_id {policy.app_id!r} is not the folder's name"
        raise ContractFileError(file, "app_id", message)
    return policy


def version_folders(app_folder: Path) -> Iterator[Path]:
    """The released versions beside a policy: folders with an inputs schema."""
    for folder in sorted(app_folder.iterdir()):
        if (folder / "inputs.schema.json").is_file():
            yield folder


def read_model(file: Path, model: type[M]) -> M:
    """Read a JSON file into its model.

    Raises:
        ContractFileError: naming the member that is wrong.
    """
    try:
        return model.model_validate(read_json(file))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = "/".join(str(part) for part in first["loc"])
        raise ContractFileError(file, where or "document", first["msg"]) from error


def read_json(file: Path) -> JsonValue:
    """Read a JSON file.

    Raises:
        ContractFileError: the file is missing or is not JSON.
    """
    try:
        return parse_json(file.read_bytes())
    except OSError as error:
        raise ContractFileError(file, "present", error.strerror or str(error)) from error
    except JsonTextError as error:
        raise ContractFileError(file, "json", error.message) from error


def _read_schema(file: Path) -> JsonObject:
    schema = read_json(file)
    if not isinstance(schema, dict) or schema.get("type") != "object":
        raise ContractFileError(file, "schema", "must be a schema of type object")
    try:
        SchemaChecker(schema)
    except SchemaError as error:
        raise ContractFileError(file, "schema", error.message) from error
    return schema


def _plugins_hash(plugins: Plugins) -> str:
    """SHA-256 of engine and plugins in a fixed order: what attestation compares."""
    in_order = sorted(plugins.plugins, key=lambda plugin: plugin.name.lower())
    document = plugins.model_copy(update={"plugins": in_order}).model_dump(mode="json")
    return hashlib.sha256(canonical_json(document)).hexdigest()


def _definition_file(folder: Path) -> DefinitionFile:
    found = sorted(file for file in folder.iterdir() if file.suffix in (".gh", ".ghx"))
    if len(found) != 1:
        message = f"exactly one .gh or .ghx file is needed, found {len(found)}"
        raise ContractFileError(folder, "definition", message)
    return DefinitionFile(found[0], hashlib.sha256(found[0].read_bytes()).hexdigest())
