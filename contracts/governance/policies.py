"""A policy allows and overrides only contracts that exist."""

from collections.abc import Collection, Iterator
from pathlib import Path

from contracts.finding import Finding
from contracts.model import ContractRef
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
