"""Every app's policy and every released contract, loaded and checked at start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

from contracts.errors import ContractFileError, UnknownContractError
from contracts.finding import Finding
from contracts.governance.policies import policy_findings
from contracts.limits import check_limits
from contracts.loading import load_contract, load_policy, version_folders
from contracts.model import Contract, ContractRef, JsonObject, Limits
from contracts.policy import Policy
from contracts.validation import SchemaChecker
from contracts.versions import STABLE, highest

DEFAULT_ROOT = Path(__file__).parent


@dataclass(frozen=True)
class ServedContract:
    """A contract with its schemas compiled."""

    contract: Contract

    @cached_property
    def inputs(self) -> SchemaChecker:
        """Checks and completes inputs."""
        return SchemaChecker(self.contract.inputs_schema)

    @cached_property
    def outputs(self) -> SchemaChecker:
        """Checks outputs."""
        return SchemaChecker(self.contract.outputs_schema)

    def accept(self, inputs: JsonObject, limits: Limits) -> JsonObject:
        """Inputs with defaults materialised, known to keep the schema, the rules and the caps.

        Raises:
            ContractViolationError: with one entry for each field that is wrong.
        """
        completed = self.inputs.complete(inputs)
        check_limits(self.contract, limits, completed)
        return completed


@dataclass(frozen=True, slots=True)
class Registry:
    """Policies by app id; contracts by `definition@version`."""

    policies: Mapping[str, Policy]
    contracts: Mapping[ContractRef, ServedContract]
    _resolved: dict[tuple[str, str, str], ServedContract] = field(
        init=False, compare=False, default_factory=dict[tuple[str, str, str], ServedContract]
    )

    @classmethod
    def load(cls, root: Path = DEFAULT_ROOT) -> Self:
        """Read every `<root>/<app_id>/` that has a policy.

        Raises:
            ContractFileError: a file breaks a rule; nothing is served then.
        """
        policies: dict[str, Policy] = {}
        served: dict[ContractRef, ServedContract] = {}
        for file in sorted(root.glob("[a-z]*/policy.json")):
            policies[file.parent.name] = load_policy(file)
            for folder in version_folders(file.parent):
                contract = load_contract(folder)
                served[contract.ref] = ServedContract(contract)
        registry = cls(policies, served)
        registry.check_policies(root)
        return registry

    def check_policies(self, root: Path) -> None:
        """Every definition that a policy allows exists.

        Raises:
            ContractFileError: naming the policy and each missing definition.
        """
        if not self.policies:
            remedy = "Point to the folder that holds the app folders."
            missing = Finding("no_app", root, "", "no app folder has a policy.json", remedy)
            raise ContractFileError([missing])
        findings = [
            finding
            for app_id, policy in self.policies.items()
            for finding in policy_findings(root / app_id / "policy.json", policy, self.contracts)
        ]
        if findings:
            raise ContractFileError(findings)

    def policy(self, app_id: str) -> Policy:
        """The rules of an app.

        Raises:
            UnknownContractError: there is no such app.
        """
        if app_id not in self.policies:
            raise UnknownContractError(f"There is no app {app_id!r}.")
        return self.policies[app_id]

    def resolve(self, app_id: str, definition: str | None, version: str | None) -> ServedContract:
        """The contract that a request means.

        An omitted definition is the app's own; an omitted version or `stable` is the highest
        version whose manifest says `channel: stable`.

        Raises:
            UnknownContractError: the app has no such contract.
        """
        name = definition or app_id
        known = self._resolved.get((app_id, name, version or STABLE))
        if known is None:
            # Only what is found is kept: callers may name anything.
            known = self._resolved[app_id, name, version or STABLE] = self._search(
                app_id, name, version
            )
        return known

    def _search(self, app_id: str, name: str, version: str | None) -> ServedContract:
        policy = self.policy(app_id)
        allowed = {ref.version: ref for ref in self.contracts if _may_run(policy, ref, name)}
        if version in (None, STABLE):
            stable = (v for v, ref in allowed.items() if self._is_stable(ref))
            version = highest(stable)
        if version is None or version not in allowed:
            known = ", ".join(sorted(allowed)) or "none"
            wanted = f"{name}@{version or STABLE}"
            raise UnknownContractError(
                f"App {app_id!r} has no contract {wanted}; versions: {known}."
            )
        return self.contracts[allowed[version]]

    def _is_stable(self, ref: ContractRef) -> bool:
        return self.contracts[ref].contract.manifest.channel == "stable"

    def limits(self, app_id: str, contract: Contract) -> Limits:
        """The manifest's caps as the app's policy overrides them."""
        return effective_limits(contract, self.policy(app_id))

    def accept_inputs(self, app_id: str, served: ServedContract, inputs: JsonObject) -> JsonObject:
        """Inputs that a contract accepts from a request to this app.

        Raises:
            ContractViolationError: with one entry for each field that is wrong.
        """
        return served.accept(inputs, self.limits(app_id, served.contract))


def effective_limits(contract: Contract, policy: Policy) -> Limits:
    """The manifest's caps as a policy overrides them: by definition, then by exact version."""
    limits = contract.manifest.limits
    for key in (contract.ref.definition, str(contract.ref)):
        if key in policy.manifest_overrides:
            override = policy.manifest_overrides[key].model_dump(exclude_unset=True)
            limits = limits.model_copy(update=override)
    return limits


def _may_run(policy: Policy, ref: ContractRef, definition: str) -> bool:
    return ref.definition == definition and policy.allows(ref)
