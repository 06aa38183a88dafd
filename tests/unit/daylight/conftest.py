"""The scripts of daylight 0.1.0, run as the definition holds them."""

import base64
import json
from types import SimpleNamespace
from typing import Any

import pytest

from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.document import read_document
from tests.unit.daylight.scenes import BERLIN, FOLDER, Ask, Draw, Files, box


@pytest.fixture(scope="session")
def scripts() -> list[Any]:
    document = read_document((FOLDER / "daylight.ghx").read_bytes())
    held = [o for o in document.objects if o.component_id == ids.PYTHON_3_SCRIPT]
    texts = [script.text("Text") for o in held if (script := o.container.child("Script"))]
    return [
        compile(base64.b64decode(text).decode(), "script", "exec", dont_inherit=True)
        for text in texts
    ]


@pytest.fixture(scope="session")
def daylight(scripts: list[Any]) -> SimpleNamespace:
    """The functions of the first script."""
    surface = {"ground": {"polygon": box(0, 0, 1, 1, 1)["footprint"]}, "grid_size": 1}
    texts = {"location": BERLIN, "dates": "03-21", "context": [], "surface": surface}
    scope: dict[str, Any] = {name: json.dumps(value) for name, value in texts.items()}
    scope |= {"__name__": "__main__", "time_step": 60, "sill_height": 0.0}
    exec(scripts[0], scope)  # noqa: S102 - what Rhino does with it
    return SimpleNamespace(**scope)


@pytest.fixture(scope="session")
def ask(scripts: list[Any]) -> Ask:
    """Run the first script; answers its outputs, JSON read. `drawing` is what the second reads."""

    def run(inputs: dict[str, Any]) -> dict[str, Any]:
        asked = {"dates": "03-21", "context": [], **inputs}
        texts = {n: json.dumps(asked[n]) for n in ("location", "dates", "context", "surface")}
        numbers = {"time_step": asked.get("time_step", 10)}
        numbers["sill_height"] = float(asked.get("sill_height", 0))
        scope: dict[str, Any] = {"__name__": "__main__", **texts, **numbers}
        exec(scripts[0], scope)  # noqa: S102 - what Rhino does with it
        kpis = [json.loads(text) for text in scope["kpis"]]
        return {
            "sensors": json.loads(scope["sensors"]),
            "refusals": json.loads(scope["refusals"]),
            "kpis": kpis[0] if kpis else None,
            "drawing": scope["drawing"][0] if scope["drawing"] else None,
        }

    return run


@pytest.fixture(scope="session")
def draw(scripts: list[Any]) -> Draw:
    """Run the second script; answers what its outputs hold, files as bytes."""

    def run(drawing: str | None) -> Files | None:
        scope: dict[str, Any] = dict.fromkeys(("heat_map", "model", "geojson"))
        scope |= {"__name__": "__main__", "drawing": drawing}
        exec(scripts[1], scope)  # noqa: S102 - as above
        if scope["model"] is None:
            return None
        return Files(
            base64.b64decode(scope["heat_map"]), base64.b64decode(scope["model"]), scope["geojson"]
        )

    return run
