"""The body of Rhino.Compute's `POST /grasshopper`.

Everything that the engine would otherwise remember from the request before (parameters,
tolerances, units) is in every body.

Source: Rhino.Compute, `Resthopper.IO.Schema`, `ResthopperEndpoints.SetDefaultTolerances`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from appserver.compute.definition_texts import DefinitionText
from appserver.domain.data_tree import DataTree
from contracts.model import JsonObject, Manifest

_UNIT_SYSTEMS = {
    "m": "Meters",
    "mm": "Millimeters",
    "cm": "Centimeters",
    "ft": "Feet",
    "in": "Inches",
}
_DATA_VERSION = 7


@dataclass(frozen=True, slots=True)
class SolveBody:
    """One solve in two lengths: for an engine that has read the definition, and for any engine."""

    definition: DefinitionText
    members: bytes

    def by_key(self) -> bytes:
        """The short one: an engine that does not know the key answers with an empty 500."""
        return b'{"pointer":"%b",%b' % (self.definition.key.encode(), self.members)

    def with_content(self) -> bytes:
        """The long one, which any engine understands."""
        return b'{"algo":"%b",%b' % (self.definition.text.encode(), self.members)


def solve_body(
    definition: DefinitionText, manifest: Manifest, trees: Sequence[DataTree]
) -> SolveBody:
    """Encode one solve.

    Args:
        definition: the definition file.
        manifest: gives model units and tolerances; the engine reads the angle in degrees.
        trees: every bound input.
    """
    members: JsonObject = {
        "cachesolve": False,
        "dataversion": _DATA_VERSION,
        "modelunits": _UNIT_SYSTEMS[manifest.units.length],
        "absolutetolerance": manifest.tolerances.absolute,
        "angletolerance": manifest.tolerances.angle_deg,
        "values": [_tree(tree) for tree in trees],
    }
    return SolveBody(definition, orjson.dumps(members)[1:])


def describe_body(definition: DefinitionText) -> bytes:
    """The body of `POST /io`, with the content: the engine remembers it by its key."""
    return orjson.dumps({"algo": definition.text})


def _tree(tree: DataTree) -> JsonObject:
    return {
        "ParamName": tree.parameter,
        "InnerTree": {
            path: [{"data": text} for text in texts] for path, texts in tree.branches.items()
        },
    }
