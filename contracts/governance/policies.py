"""A policy allows and overrides only contracts that exist, and has the seats that they need."""

from collections.abc import Collection, Iterator
from pathlib import Path

from contracts.finding import Finding
from contracts.model import Contract, ContractRef
from contracts.paths import pointer_to
from contracts.policy import Policy


def policy_findings(
    file: Path, policy: Policy, contracts: Collection[ContractRef]
) -> Iterator[Finding]:
    """Every entry of a policy that names no contract."""
    known = {ref.definition for ref in contracts} | {str(ref) for ref in contracts}
    named = [
        *((e, ("allowed_definitions", i)) for i, e in enumerate(policy.allowed_definitions)),
        *((e, ("manifest_overrides", e)) for e in policy.manifest_overrides),
    ]
    for entry, tokens in named:
        if entry not in known:
            message = f"there is no contract {entry!r}"
            remedy = f"Name one that exists: {', '.join(sorted(known)) or 'none does'}."
            yield Finding("definition_unknown", file, pointer_to(*tokens), message, remedy)


def seat_findings(contract: Contract, policy: Policy) -> Iterator[Finding]:
    """A contract that the app allows and could never run: submitting to it would be refused."""
    weight = contract.manifest.concurrency.weight
    if policy.allows(contract.ref) and weight > policy.batch_seats:
        yield Finding(
            "seats_too_few",
            contract.folder / "manifest.json",
            "/concurrency/weight",
            f"a solve takes {weight} seats, and the policy of {policy.app_id!r} has "
            f"{policy.batch_seats} batch seats",
            "Raise batch_seats in policy.json, or lower the weight in a fresh version.",
        )
