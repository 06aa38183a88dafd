"""The Expression component; its variables are its inputs' nicknames.

Source of the GUID: as in arithmetic.py.
"""

from contracts.grasshopper.document import DocumentObject
from devstack.rhino_compute.components.component import Component, prepared, solver_of
from devstack.rhino_compute.expressions import evaluate
from devstack.rhino_compute.matching import Solver
from devstack.rhino_compute.value_tree import Value

EXPRESSION_ENTRY = "Expression"


def _prepare(owner: DocumentObject) -> Solver:
    text = owner.container.text(EXPRESSION_ENTRY)
    names = [parameter.nickname for parameter in owner.inputs]

    def calculate(*values: Value) -> Value:
        if any(value is None for value in values):
            return None
        return evaluate(text, dict(zip(names, values, strict=True)))

    return solver_of(calculate)


COMPONENTS: dict[str, Component] = {
    "9df5e896-552d-4c8c-b9ca-4fc147ffa022": prepared("Expression", "Any", _prepare),
}
