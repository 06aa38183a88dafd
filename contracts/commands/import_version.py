"""Add a version to an app from a Grasshopper file.

Members, limits, bindings and examples of the version before are carried over as far as they fit;
the rest is stamped. Says what changed and which part of the version number that asks for.
"""

import argparse
import shutil
from pathlib import Path

from contracts.commands import places
from contracts.commands.check import shown
from contracts.commands.diff import say_changes
from contracts.commands.errors import UsageError
from contracts.commands.stamp import source_of, summary_of
from contracts.commands.terminal import say
from contracts.files import read_json
from contracts.finding import Finding
from contracts.governance.contract_changes import contract_changes, required_bump
from contracts.loading import load_contract, load_policy, version_folders
from contracts.model import Contract
from contracts.registry import ServedContract, effective_limits
from contracts.stamping.carried_examples import carried_examples
from contracts.stamping.carry_over import carry_over
from contracts.stamping.draft import SourceFile
from contracts.stamping.folder import check_stamped, workshop, write_json, write_version
from contracts.stamping.inputs import input_members
from contracts.versions import Version, highest, is_version

NAME = "import"
HELP = "add a version to an app from a Grasshopper file"
EXAMPLES = """\
  python -m contracts import tower-2.gh tower 1.1.0
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a .gh or .ghx file")
    parser.add_argument("app", metavar="APP")
    parser.add_argument("version", metavar="VERSION", help="MAJOR.MINOR.PATCH")
    places.add_root(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the version folder; 1 when its number does not fit what changed."""
    app = places.app_folder(arguments.root, arguments.app)
    version = places.checked_version(arguments.version)
    if (app / version).exists():
        raise UsageError(f"{shown(app / version)} exists; a version never changes")
    previous = _previous(arguments.root, app, version)
    source = source_of(arguments.file)
    with workshop(arguments.root) as place:
        copied = place / app.name
        shutil.copytree(app, copied, ignore=shutil.ignore_patterns("__pycache__"))
        _write_version(copied / version, previous, source)
        contract = load_contract(copied / version)
        changes = contract_changes(previous, contract)
        findings = check_stamped(place, copied, version)
        (copied / version).rename(app / version)
    say(f"{shown(app / version)}: made from {arguments.file.name} and {previous.ref}")
    say_changes(changes)
    say(f"required since {previous.ref.version}: {required_bump(changes).name}")
    return _conclude(findings)


def _conclude(findings: tuple[Finding, ...]) -> int:
    for finding in findings:
        say(f"{finding.code}: {finding.message}")
        say(f"    {finding.what_to_do}")
    return 1 if findings else 0


def _previous(root: Path, app: Path, version: str) -> Contract:
    """The highest lower stable version: the one that `check` compares with.

    Raises:
        UsageError: there is none, or it is not in order.
    """
    folders = [folder.name for folder in version_folders(app) if is_version(folder.name)]
    contracts = [places.contract_of(root, app.name, name) for name in folders]
    stable = [one.ref.version for one in contracts if one.manifest.channel == "stable"]
    found = highest(name for name in stable if Version.parse(name) < Version.parse(version))
    if found is None:
        listed = ", ".join(stable) or "none"
        raise UsageError(f"{app.name} has no stable version below {version}; it has: {listed}")
    return next(one for one in contracts if one.ref.version == found)


def _write_version(folder: Path, previous: Contract, source: SourceFile) -> None:
    manifest = read_json(previous.folder / "manifest.json")
    documents = carry_over(previous, manifest if isinstance(manifest, dict) else {}, source)
    name = previous.definition_file.path.stem + source.suffix
    write_version(folder, documents, (name, source.content), summary_of(source))
    contract = load_contract(folder)
    served = ServedContract(contract)
    limits = effective_limits(contract, load_policy(folder.parent / "policy.json"))
    valid, invalid = carried_examples(
        (previous.inputs_schema, contract.inputs_schema),
        previous.folder,
        input_members(source.description.inputs, previous.manifest.units.length),
        lambda inputs: served.accept(inputs, limits),
    )
    for kind, examples in (("valid", valid), ("invalid", invalid)):
        for stem, example in examples.items():
            write_json(folder / "examples" / kind / f"{stem}.json", example)
