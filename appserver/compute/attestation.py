"""Ask one node what it has, and compare it with every contract."""

from collections.abc import Sequence
from dataclasses import dataclass

from appserver.compute.definition_texts import DefinitionTexts
from appserver.compute.node import Node
from appserver.compute.solve_request import describe_body
from appserver.domain.attestation import Installation, missing_plugins, parameter_differences
from appserver.domain.errors import EngineError
from contracts.model import Contract


@dataclass(frozen=True, slots=True)
class Attestation:
    """The contracts that nodes have to attest, and how long one question may take."""

    contracts: Sequence[Contract]
    definitions: DefinitionTexts
    timeout_s: float

    async def attest(self, node: Node) -> None:
        """Fill in the node's versions and what each contract lacks there.

        A definition is described once: its content does not change, nor does a running engine.

        Raises:
            EngineUnreachableError: the node does not answer.
            EngineError: its answers make no sense.
        """
        version = await node.compute.version(self.timeout_s)
        plugins = await node.compute.plugins(self.timeout_s)
        versions = {name: str(value) for name, value in version.items() if value is not None}
        if versions != node.versions:
            node.described.clear()
        node.versions = versions
        installed = Installation(versions, plugins)
        for contract in self.contracts:
            lacks = missing_plugins(contract.plugins, installed)
            node.lacks[contract.ref] = lacks or await self._differences(node, contract)

    async def _differences(self, node: Node, contract: Contract) -> tuple[str, ...]:
        known = node.described.get(contract.ref)
        if known is not None:
            return known
        body = describe_body(self.definitions.find(contract.definition_file))
        try:
            description = await node.compute.describe(body, self.timeout_s)
        except EngineError:  # this file only: the node has just shown that it works
            return ("the engine cannot read the definition",)
        # `Errors` of the answer are left over from other callers and say nothing about this file.
        found = parameter_differences(contract.bindings, description)
        node.described[contract.ref] = found
        return found
