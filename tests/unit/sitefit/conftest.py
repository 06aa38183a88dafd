"""The script of sitefit 1.0.0, run as the definition holds it."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import rhino3dm

from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.document import read_document
from devstack.rhino_compute.rhino_geometry.curves import Curve, PolylineCurve

DEFINITION = Path(__file__).parents[3] / "contracts/sitefit/1.0.0/sitefit.ghx"
Corners = list[tuple[float, float]]


def closed_curve(corners: Corners) -> Curve:
    return PolylineCurve(rhino3dm.Point3d(x, y, 0) for x, y in [*corners, corners[0]])


@dataclass(frozen=True)
class Sitefit:
    """Both scripts of the definition; `place` and `draw` return their outputs by name."""

    codes: list[Any]

    def run(self, index: int, **inputs: object) -> dict[str, Any]:
        scope: dict[str, Any] = {"__name__": "__main__", **inputs}
        exec(self.codes[index], scope)  # noqa: S102 - what Rhino does with it
        return scope

    def place(
        self,
        parcel: Corners,
        house: Corners,
        rotation: tuple[float, float, float] = (0, 180, 5),
        grid_step: float = 0.5,
    ) -> dict[str, Any]:
        text = json.dumps(dict(zip(("min", "max", "step"), rotation, strict=True)))
        curves = {"parcel": closed_curve(parcel), "house": closed_curve(house)}
        return self.run(0, **curves, rotation=text, grid_step=grid_step, seed=1)

    def results(self, *args: Any, **options: Any) -> list[dict[str, Any]]:
        outputs = self.place(*args, **options)
        texts = (outputs[name] for name in ("transform", "score", "metrics", "tags"))
        return [
            {"id": name, "transform": transform, "score": score, "metrics": metrics, "tags": tags}
            for name, transform, score, metrics, tags in zip(
                outputs["id"], *([json.loads(t) for t in column] for column in texts), strict=True
            )
        ]

    def draw(self, plan: str, crs: str = "EPSG:25832") -> tuple[str, dict[str, Any]]:
        outputs = self.run(1, plan=plan, crs=crs)
        return outputs["plan_svg"], json.loads(outputs["plan_geojson"])


@pytest.fixture(scope="session")
def sitefit() -> Sitefit:
    document = read_document(DEFINITION.read_bytes())
    scripts = [o for o in document.objects if o.component_id == ids.PYTHON_3_SCRIPT]
    held = [script for o in scripts if (script := o.container.child("Script"))]
    sources = [base64.b64decode(script.text("Text")).decode() for script in held]
    return Sitefit([compile(s, "script", "exec", dont_inherit=True) for s in sources])
