"""The body of Rhino.Compute's `POST /grasshopper`.

Everything that the engine would otherwise remember from the request before (parameters,
tolerances, units) is in every body.

Source: Rhino.Compute, `Resthopper.IO.Schema`, `ResthopperEndpoints.SetDefaultTolerances`.
"""

import json
from collections.abc import Sequence

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


def solve_body(definition: str, manifest: Manifest, trees: Sequence[DataTree]) -> bytes:
    """Encode one solve.

    Args:
        definition: the definition file in base64.
        manifest: gives model units and tolerances; the engine reads the angle in degrees.
        trees: every bound input.
    """
    body: JsonObject = {
        "algo": definition,
        "cachesolve": False,
        "dataversion": _DATA_VERSION,
        "modelunits": _UNIT_SYSTEMS[manifest.units.length],
        "absolutetolerance": manifest.tolerances.absolute,
        "angletolerance": manifest.tolerances.angle_deg,
        "values": [_tree(tree) for tree in trees],
    }
    return json.dumps(body, separators=(",", ":")).encode()


def _tree(tree: DataTree) -> JsonObject:
    return {
        "ParamName": tree.parameter,
        "InnerTree": {
            path: [{"data": text} for text in texts] for path, texts in tree.branches.items()
        },
    }
