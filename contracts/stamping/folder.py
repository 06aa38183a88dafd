"""Writes a contract folder: whole or not at all."""

import json
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from string import Template

from contracts.defaults import members
from contracts.finding import Finding
from contracts.governance.check import check_apps
from contracts.model import JsonObject
from contracts.stamping.documents import ContractDocuments
from contracts.stamping.errors import StampingError

TEMPLATE = Path(__file__).parent.parent / "_template"


@contextmanager
def workshop(root: Path) -> Generator[Path]:
    """A hidden folder beside the apps; what is not moved out of it is gone afterwards."""
    with tempfile.TemporaryDirectory(dir=root, prefix=".stamping-") as folder:
        yield Path(folder)


def write_version(
    folder: Path, documents: ContractDocuments, definition: tuple[str, bytes], summary: str
) -> None:
    """Write every file of `<app>/<version>/`.

    Args:
        folder: the version folder; it is made.
        documents: the JSON files.
        definition: file name and bytes of the Grasshopper file.
        summary: what the app does, in one sentence.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path, document in documents.by_path().items():
        write_json(folder / path, document)
    name, content = definition
    (folder / name).write_bytes(content)
    readme = Template((TEMPLATE / "README.md").read_text(encoding="utf-8")).substitute(
        app=folder.parent.name,
        version=folder.name,
        summary=summary,
        file=name,
        inputs=_listed(documents.inputs_schema),
        outputs=_listed(documents.outputs_schema),
        length=_units(documents.manifest)["length"],
        angle=_units(documents.manifest)["angle"],
    )
    (folder / "README.md").write_text(readme, encoding="utf-8")


def write_json(file: Path, document: JsonObject) -> None:
    """Write one JSON file, as a person would lay it out."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def copy_definition_source(folder: Path) -> Path:
    """Put the smallest definition.py into a version folder."""
    folder.mkdir(parents=True)
    return Path(shutil.copyfile(TEMPLATE / "definition.py", folder / "definition.py"))


def check_stamped(root: Path, app: Path, version: str) -> tuple[Finding, ...]:
    """Check what was written before it is moved to its place; the version number's findings.

    Raises:
        StampingError: anything else is wrong with it.
    """
    findings = check_apps(root, [app], version).findings
    for finding in findings:
        if finding.code != "version_mismatch":
            where = finding.file.relative_to(root)
            raise StampingError(f"{where} {finding.pointer}: {finding.code}: {finding.message}")
    return findings


def _units(manifest: JsonObject) -> JsonObject:
    units = manifest["units"]
    return units if isinstance(units, dict) else {}


def _listed(schema: JsonObject) -> str:
    required = schema.get("required")
    lines = ["| name | type | | description |", "| --- | --- | --- | --- |"]
    for name, member in members(schema):
        found = member if isinstance(member, dict) else {}
        if "default" in found:
            note = f"default `{json.dumps(found['default'], ensure_ascii=False)}`"
        else:
            note = "required" if isinstance(required, list) and name in required else ""
        kind, told = found.get("type", ""), str(found.get("description", ""))
        lines.append(f"| `{name}` | {kind} | {note} | {told.replace('|', '/')} |")
    return "\n".join(lines).replace("\r", " ")
