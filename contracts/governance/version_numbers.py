"""A version number says what changed since the version before it."""

from collections.abc import Iterable, Iterator

from contracts.finding import Finding
from contracts.governance.change import Bump
from contracts.governance.contract_changes import contract_changes, required_bump
from contracts.model import Contract
from contracts.versions import Version, is_version

SHOWN = 3
"""Reasons that a finding lists: enough to see what it is about."""


def previous_version(contract: Contract, others: Iterable[Contract]) -> Contract | None:
    """The highest lower version of the same channel.

    A debug version may have inputs of its own beside the stable ones (it is never what `stable`
    means), so it is compared with debug versions only, and a stable one with stable ones.
    """
    here = Version.parse(contract.ref.version)
    lower = [
        other
        for other in others
        if is_version(other.ref.version)
        and other.manifest.channel == contract.manifest.channel
        and Version.parse(other.ref.version) < here
    ]
    return max(lower, key=lambda other: Version.parse(other.ref.version), default=None)


def version_findings(contract: Contract, others: Iterable[Contract]) -> Iterator[Finding]:
    """A version number that promises less, or more, than what changed."""
    previous = previous_version(contract, others)
    if previous is None:
        return
    changes = contract_changes(previous, contract)
    required = required_bump(changes)
    before, here = Version.parse(previous.ref.version), Version.parse(contract.ref.version)
    if Bump.between(before, here) is required:
        return
    reasons = [f"{change.file}: {change.message}" for change in changes if change.bump is required]
    listed = "; ".join(reasons[:SHOWN])
    if len(reasons) > SHOWN:
        listed += f" and {len(reasons) - SHOWN} more"
    yield Finding(
        "version_mismatch",
        contract.folder,
        "",
        f"since {before} the changes are {required.name}: {listed or 'nothing changed'}",
        f"Name the version {required.next_after(before)}, or change less.",
    )
