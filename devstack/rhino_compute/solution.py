"""Evaluates one definition with one set of inputs."""

from dataclasses import dataclass, field

from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.document import FLATTEN, GRAFT, DocumentObject, Parameter
from devstack.rhino_compute.casting import cast_value
from devstack.rhino_compute.components.catalogue import COMPONENTS
from devstack.rhino_compute.definition import Definition
from devstack.rhino_compute.errors import MalformedRequestError, SolveError, UnsupportedError
from devstack.rhino_compute.expressions import evaluate
from devstack.rhino_compute.matching import Slot, Solver, solve_matched
from devstack.rhino_compute.ordering import upstream_first
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
        # Each object after those it reads: long chains must not become deep recursion.
        for thing in upstream_first(self.definition.document):
            for parameter in thing.parameters:
                self.read(parameter)
        return {
            name: self._shown(exposed.parameter, exposed.type_name)
            for name, exposed in self.definition.exposure.outputs.items()
        }

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

        return tree.mapped(converted)

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
            self._collected[parameter.parameter_id] = tree

    def _matched(self, owner: DocumentObject, trees: list[ValueTree]) -> list[ValueTree] | None:
        principal = owner.container.integer("PrincipalIndex", -1)
        chosen = principal if 0 <= principal < len(trees) else None
        try:
            slots, solver = _prepared(owner, trees)
            tree_of = solve_matched(slots, len(owner.outputs), chosen, solver)
            return [
                _arranged(tree, parameter)
                for tree, parameter in zip(tree_of, owner.outputs, strict=True)
            ]
        except (SolveError, UnsupportedError, MalformedRequestError) as error:
            self._fail(owner, str(error))
            return None

    def _fail(self, owner: DocumentObject, message: str) -> None:
        self.errors.append(f'{message}: component "{owner.name}" ({owner.object_id})')

    def _warn(self, owner: DocumentObject, message: str) -> None:
        self.warnings.append(f'{message}: component "{owner.name}" ({owner.object_id})')


def _prepared(owner: DocumentObject, trees: list[ValueTree]) -> tuple[list[Slot], Solver]:
    pairs = list(zip(owner.inputs, trees, strict=True))
    if owner.component_id == ids.PYTHON_3_SCRIPT:
        slots = [Slot(tree, p.access, variable_type(p), p.is_optional) for p, tree in pairs]
        return slots, script_solver(owner)
    component = COMPONENTS[owner.component_id]
    ports = [component.port(index) for index in range(len(pairs))]
    slots = [
        Slot(tree, port.access, port.type_name, p.is_optional)
        for port, (p, tree) in zip(ports, pairs, strict=True)
    ]
    return slots, component.prepare(owner)


def _arranged(tree: ValueTree, parameter: Parameter) -> ValueTree:
    """Apply a parameter's own expression, then Reverse, Flatten or Graft, and Simplify."""
    expression = parameter.chunk.text("InternalExpression")
    if expression:
        tree = tree.mapped(lambda value: _expressed(expression, value))
    if parameter.chunk.flag("ReverseData"):
        tree = tree.reversed()
    mapping = parameter.chunk.integer("Mapping")
    tree = {FLATTEN: tree.flattened, GRAFT: tree.grafted}.get(mapping, lambda: tree)()
    return tree.simplified() if parameter.chunk.flag("SimplifyData") else tree


def _expressed(expression: str, value: Value) -> Value:
    return None if value is None else evaluate(expression, {"x": value})
