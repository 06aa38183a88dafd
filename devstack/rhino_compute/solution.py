"""Evaluates one definition with one set of inputs."""

from dataclasses import dataclass, field

from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.document import FLATTEN, GRAFT, DocumentObject, Parameter
from devstack.rhino_compute.arithmetic import arithmetic_solver
from devstack.rhino_compute.casting import cast_value
from devstack.rhino_compute.definition import Definition
from devstack.rhino_compute.errors import SolveError, UnsupportedError
from devstack.rhino_compute.matching import Slot, solve_matched
from devstack.rhino_compute.python_script import script_solver, variable_type
from devstack.rhino_compute.stored_values import object_values, persistent_values
from devstack.rhino_compute.value_tree import Value, ValueTree


@dataclass(slots=True)
class Solution:
    """Data as it flows: every parameter is collected once, on demand.

    `errors` and `warnings` read like Rhino.Compute's: `message: component "Name" (guid)`.
    """

    definition: Definition
    inputs: dict[str, ValueTree]
    errors: list[str] = field(default_factory=list[str])
    warnings: list[str] = field(default_factory=list[str])
    _collected: dict[str, ValueTree] = field(default_factory=dict[str, ValueTree])
    _open: set[str] = field(default_factory=set[str])

    def solve(self) -> dict[str, ValueTree]:
        """Return the outputs by name; components no output needs are solved too."""
        exposure = self.definition.exposure
        outputs = {
            name: self._shown(exposed.parameter, exposed.type_name)
            for name, exposed in exposure.outputs.items()
        }
        for thing in self.definition.document.objects:
            for parameter in thing.parameters:
                self.read(parameter)
        return outputs

    def read(self, parameter: Parameter) -> ValueTree:
        """Return a parameter's data, solving what it depends on."""
        if parameter.parameter_id in self._collected:
            return self._collected[parameter.parameter_id]
        owner = self.definition.document.objects_by_id[parameter.owner_id]
        if parameter.parameter_id in self._open:
            self._fail(owner, "Recursive data stream found")
            return ValueTree()
        self._open.add(parameter.parameter_id)
        if parameter.side == "output":
            self._solve_component(owner)
        else:
            self._collected[parameter.parameter_id] = self._collect(parameter, owner)
        self._open.discard(parameter.parameter_id)
        return self._collected.get(parameter.parameter_id, ValueTree())

    def _shown(self, parameter: Parameter, type_name: str) -> ValueTree:
        tree = self.read(parameter)
        if parameter.side != "input" or type_name != "Text":
            return tree
        owner = self.definition.document.objects_by_id[parameter.owner_id]
        return self._cast(tree, type_name, owner)

    def _collect(self, parameter: Parameter, owner: DocumentObject) -> ValueTree:
        try:
            tree = self._gather(parameter, owner)
        except (SolveError, UnsupportedError) as error:
            self._fail(owner, str(error))
            return ValueTree()
        if parameter.side == "floating" and not tree.values and not parameter.is_optional:
            name = owner.nickname or owner.name
            self._warn(owner, f"Parameter {name} failed to collect data")
        return tree

    def _gather(self, parameter: Parameter, owner: DocumentObject) -> ValueTree:
        if parameter.parameter_id in self.inputs:
            return self.inputs[parameter.parameter_id]
        tree = ValueTree()
        for source in parameter.sources:
            origin = self.definition.document.parameters.get(source)
            if origin:
                tree.merge(self.read(origin))
        if not parameter.sources:
            is_floating = parameter.side == "floating"
            tree = object_values(owner) if is_floating else persistent_values(parameter.chunk)
        if parameter.side == "floating":
            tree = self._cast(tree, owner.type_name, owner)
        return _arranged(tree, parameter)

    def _cast(self, tree: ValueTree, type_name: str, owner: DocumentObject) -> ValueTree:
        def converted(value: Value) -> Value:
            try:
                return cast_value(value, type_name)
            except SolveError as error:
                self._fail(owner, str(error))
                return None

        return ValueTree(
            {path: [converted(value) for value in tree.branches[path]] for path in tree.paths}
        )

    def _solve_component(self, owner: DocumentObject) -> None:
        trees = [self.read(parameter) for parameter in owner.inputs]
        outputs = [ValueTree() for _ in owner.outputs]
        starved = [
            parameter.nickname
            for parameter, tree in zip(owner.inputs, trees, strict=True)
            if not parameter.is_optional and not tree.values
        ]
        if starved:
            self._warn(owner, f"Input parameter {starved[0]} failed to collect data")
        else:
            outputs = self._matched(owner, trees) or outputs
        for parameter, tree in zip(owner.outputs, outputs, strict=True):
            self._collected[parameter.parameter_id] = _arranged(tree, parameter)

    def _matched(self, owner: DocumentObject, trees: list[ValueTree]) -> list[ValueTree] | None:
        is_script = owner.component_id == ids.PYTHON_3_SCRIPT
        principal = owner.container.integer("PrincipalIndex", -1)
        try:
            solver = script_solver(owner) if is_script else arithmetic_solver(owner.component_id)
            slots = [
                Slot(tree, p.access, variable_type(p) if is_script else None, p.is_optional)
                for p, tree in zip(owner.inputs, trees, strict=True)
            ]
            chosen = principal if 0 <= principal < len(slots) else None
            return solve_matched(slots, len(owner.outputs), chosen, solver)
        except (SolveError, UnsupportedError) as error:
            self._fail(owner, str(error))
            return None

    def _fail(self, owner: DocumentObject, message: str) -> None:
        self.errors.append(f'{message}: component "{owner.name}" ({owner.object_id})')

    def _warn(self, owner: DocumentObject, message: str) -> None:
        self.warnings.append(f'{message}: component "{owner.name}" ({owner.object_id})')


def _arranged(tree: ValueTree, parameter: Parameter) -> ValueTree:
    if parameter.chunk.flag("ReverseData"):
        tree = tree.reversed()
    mapping = parameter.chunk.integer("Mapping")
    return {FLATTEN: tree.flattened, GRAFT: tree.grafted}.get(mapping, lambda: tree)()
