"""Every check over every app, one version, or what lies between."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.description.describe import describe
from contracts.errors import ContractFileError
from contracts.finding import Finding
from contracts.governance.definitions import definition_findings
from contracts.governance.examples import example_findings
from contracts.governance.plugins import plugin_findings
from contracts.governance.policies import policy_findings, seat_findings
from contracts.governance.release_lock import lock_findings
from contracts.governance.units import unit_findings
from contracts.governance.version_numbers import version_findings
from contracts.grasshopper.errors import GrasshopperFileError
from contracts.loading import Reading, load_policy, read_contract, version_folders
from contracts.model import Contract, ContractRef
from contracts.policy import Policy
from contracts.registry import ServedContract, effective_limits


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at below `root`, and what is wrong with it."""

    root: Path
    refs: tuple[ContractRef, ...]
    findings: tuple[Finding, ...]

    def is_in_order(self, ref: ContractRef) -> bool:
        """Whether no finding lies in the folder of a version."""
        folder = self.root / ref.definition / ref.version
        return not any(folder in (one.file, *one.file.parents) for one in self.findings)


def app_folders(root: Path) -> list[Path]:
    """The folders of apps: whatever has a policy or a version."""
    folders = (entry for entry in sorted(root.iterdir()) if entry.is_dir())
    return [one for one in folders if (one / "policy.json").exists() or any(version_folders(one))]


def check_apps(root: Path, apps: Sequence[Path], version: str | None = None) -> Checked:
    """Check whole apps, or one version of one app.

    Args:
        root: the folder of all apps; a policy may allow contracts of another one.
        apps: the folders to check.
        version: only this version, without policy; its neighbours are still compared with.
    """
    refs: list[ContractRef] = []
    findings: list[Finding] = []
    for app in apps:
        readings = {folder.name: read_contract(folder) for folder in version_folders(app)}
        policy = _policy(root, app, findings) if version is None else _quiet_policy(app)
        contracts = [one.contract for one in readings.values() if one.contract]
        for name, reading in readings.items():
            if version in (None, name):
                refs.append(ContractRef(app.name, name))
                findings += reading.findings
                findings += _contract_findings(reading, contracts, policy)
    findings += lock_findings(root, lambda ref: _is_meant(root, apps, version, ref))
    return Checked(root, tuple(refs), tuple(findings))


def _is_meant(root: Path, apps: Sequence[Path], version: str | None, ref: ContractRef) -> bool:
    """Whether a locked release is part of what is checked; of everything, a lost app is too."""
    if version not in (None, ref.version):
        return False
    return root / ref.definition in apps or list(apps) == app_folders(root)


def _policy(root: Path, app: Path, findings: list[Finding]) -> Policy | None:
    try:
        policy = load_policy(app / "policy.json")
    except ContractFileError as error:
        findings += error.findings
        return None
    known = {ContractRef(a.name, v.name) for a in app_folders(root) for v in version_folders(a)}
    findings += policy_findings(app / "policy.json", policy, known)
    return policy


def _quiet_policy(app: Path) -> Policy | None:
    try:
        return load_policy(app / "policy.json")
    except ContractFileError:
        return None  # reported when the whole app is checked


def _contract_findings(
    reading: Reading, others: list[Contract], policy: Policy | None
) -> Iterator[Finding]:
    contract = reading.contract
    if contract is None:
        return
    readme = contract.folder / "README.md"
    if not readme.is_file():
        remedy = "Say what the contract does and how to run it."
        yield Finding("readme_missing", readme, "", "there is no README.md", remedy)
    yield from unit_findings(contract)
    if policy is not None:
        yield from seat_findings(contract, policy)
    yield from _document_findings(contract)
    if not reading.findings:  # a broken binding makes every example fail, and says less
        yield from _examples(contract, policy)
    if not any(finding.code == "version_invalid" for finding in reading.findings):
        yield from version_findings(contract, others)


def _document_findings(contract: Contract) -> Iterator[Finding]:
    file = contract.definition_file.path
    try:
        description = describe(file.read_bytes(), file.name)
    except GrasshopperFileError as error:
        remedy = "Save the definition anew in Grasshopper, or build it."
        yield Finding("definition_unreadable", file, "", str(error), remedy)
        return
    yield from definition_findings(contract, description)
    yield from plugin_findings(contract, description)


def _examples(contract: Contract, policy: Policy | None) -> Iterator[Finding]:
    served = ServedContract(contract)
    limits = effective_limits(contract, policy) if policy else contract.manifest.limits
    yield from example_findings(contract.folder, lambda inputs: served.accept(inputs, limits))
