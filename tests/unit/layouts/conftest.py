"""The scripts of layouts 1.0.0, run as the definition holds them."""

import base64
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import rhino3dm
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.document import read_document
from contracts.registry import Registry
from devstack.rhino_compute.rhino_geometry.curves import PolylineCurve

FOLDER = Path(__file__).parents[3] / "contracts/layouts/1.0.0"
PLAIN = ("target_capacity_kw", "setback_m", "road_width_m", "use_terrain", "slope_limit_percent")


def example(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"examples/valid/{name}.json").read_text())


@dataclass(frozen=True)
class Answer:
    """What both scripts answered, and the inputs that they were given."""

    inputs: dict[str, Any]
    found: dict[str, Any]
    files: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.found[name]

    @cached_property
    def assets(self) -> list[dict[str, Any]]:
        return json.loads(self.found["assets"])

    @cached_property
    def roads(self) -> list[dict[str, Any]]:
        return json.loads(self.found["roads"])

    def features(self, name: str) -> list[dict[str, Any]]:
        return json.loads(self.files[f"{name}_geojson"])["features"]

    @cached_property
    def blocks(self) -> list[BaseGeometry]:
        return [shape(feature["geometry"]) for feature in self.features("assets")]

    @cached_property
    def surface(self) -> BaseGeometry:
        return shape(self.features("roads")[-1]["geometry"])

    @cached_property
    def ground(self) -> BaseGeometry:
        boundary = self.inputs["boundary"]
        return shapely.Polygon(boundary["coordinates"]).difference(areas(boundary["holes"]))

    @cached_property
    def closed(self) -> BaseGeometry:
        return areas(self.inputs["exclusions"])


def areas(rings: list[Any]) -> BaseGeometry:
    return shapely.union_all([shapely.Polygon(ring) for ring in rings])


class Layouts:
    """Both scripts of the definition."""

    def __init__(self, codes: list[Any]) -> None:
        self.codes = codes
        self.accept = Registry.load().resolve("layouts", None, None).inputs.complete

    def run(self, inputs: dict[str, Any]) -> Answer:
        full: Any = self.accept(inputs)
        points = full["boundary"]["coordinates"]
        scope: dict[str, Any] = {
            "__name__": "__main__",
            "boundary": PolylineCurve(rhino3dm.Point3d(x, y, 0) for x, y in points),
            "holes": json.dumps(full["boundary"]["holes"]),
            "seed": full["seed"],
            **{name: full[name] for name in PLAIN},
            **{
                name: json.dumps(full[name])
                for name in ("exclusions", "entrance", "block", "rows", "terrain")
            },
        }
        exec(self.codes[0], scope)  # noqa: S102 - what Rhino does with it
        drawn = {name: scope[name] for name in ("plan", "figures", "terrain")}
        files: dict[str, Any] = {"__name__": "__main__", "crs": full["crs"], **drawn}
        exec(self.codes[1], files)  # noqa: S102 - what Rhino does with it
        return Answer(full, scope, files)


@pytest.fixture(scope="session")
def layouts() -> Layouts:
    document = read_document((FOLDER / "layouts.ghx").read_bytes())
    scripts = [o for o in document.objects if o.component_id == ids.PYTHON_3_SCRIPT]
    held = [script for o in scripts if (script := o.container.child("Script"))]
    sources = [base64.b64decode(script.text("Text")).decode() for script in held]
    return Layouts([compile(s, "script", "exec", dont_inherit=True) for s in sources])


@pytest.fixture(scope="session")
def script(layouts: Layouts) -> dict[str, Any]:
    """The functions of the first script, by name."""
    return layouts.run(example("minimal")).found
