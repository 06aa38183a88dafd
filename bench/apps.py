"""How long daylight and layouts take as their scenes grow: both scripts of each definition.

    .venv/bin/python -m bench.apps [--app daylight|layouts] [--runs N]

The scripts run as their definitions hold them, without an engine around them. A row tells the size
of a scene, the median of the wall time and of the processor time, and the growth of the latter over
the first row, divided by the growth of the size: 1.00 is linear. The row with an asterisk is the
size with a limit: 5 s for daylight, 8 s for layouts. On a busy machine read processor time.
"""

import argparse
import base64
import json
import math
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import rhino3dm

from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.document import read_document
from contracts.registry import DEFAULT_ROOT, Registry
from devstack.rhino_compute.rhino_geometry.curves import PolylineCurve

DAYLIGHT = "Assess daylight, make files: 50 buildings, a day at 10 min"
BUILDINGS = "The same with 2000 sensors: buildings"
LAYOUTS = "Find layout, write files: 5 blocks a hectare, elevations every 10 m, 36 orientations"
HECTARE_M2 = 10_000
# A site as wide as it is deep but for its corners; shares of its side.
OUTLINE = ((0, 0.1), (0.35, 0), (0.9, 0.02), (1, 0.4), (0.93, 0.95), (0.5, 1), (0.05, 0.9))
WETLAND = ((0.3, 0.5), (0.42, 0.62), (0.55, 0.52), (0.45, 0.42))


@dataclass(frozen=True)
class Case:
    """A scene: its size in the table's unit, and the scripts' inputs."""

    size: float
    scope: dict[str, Any]
    is_limit: bool = False


def main() -> None:
    parser = argparse.ArgumentParser(description="How long the apps take as scenes grow.")
    parser.add_argument("--app", choices=["daylight", "layouts"])
    parser.add_argument("--runs", type=int, default=3, help="of each scene (%(default)s)")
    wanted = parser.parse_args()
    if wanted.app in (None, "daylight"):
        run = scripts("daylight", "0.1.0", ("drawing",))
        table(DAYLIGHT, "sensors", run, sensor_cases(), wanted.runs)
        table(BUILDINGS, "buildings", run, building_cases(), wanted.runs)
    if wanted.app in (None, "layouts"):
        run = scripts("layouts", "1.0.0", ("plan", "figures", "terrain", "crs"))
        table(LAYOUTS, "hectares", run, site_cases(), wanted.runs)


def scripts(app: str, version: str, carried: tuple[str, ...]) -> Callable[[Case], Any]:
    """What runs both scripts of a definition; the second is given what is carried over."""
    document = read_document((DEFAULT_ROOT / app / version / f"{app}.ghx").read_bytes())
    objects = [o for o in document.objects if o.component_id == ids.PYTHON_3_SCRIPT]
    held = [script for o in objects if (script := o.container.child("Script"))]
    texts = [base64.b64decode(script.text("Text")).decode() for script in held]
    codes = [compile(text, "script", "exec", dont_inherit=True) for text in texts]

    def run(case: Case) -> dict[str, Any]:
        found = {"__name__": "__main__", **case.scope}
        exec(codes[0], found)  # noqa: S102 - what Rhino does with it
        drawn = {name: found[name] for name in carried}
        if app == "daylight":
            drawn["drawing"] = found["drawing"][0]
        exec(codes[1], {"__name__": "__main__", **drawn})  # noqa: S102 - the same
        return found

    return run


def table(
    title: str, unit: str, run: Callable[[Case], Any], cases: Iterator[Case], runs: int
) -> None:
    """Measure the cases and print a row for each."""
    print(f"\n{title}\n{unit:>10} {'wall':>9} {'processor':>10} {'growth':>7}")
    first: tuple[float, float] | None = None
    for case in cases:
        if first is None:
            run(case)  # imports are no part of it
        times = [timed(run, case) for _ in range(runs)]
        wall_s, cpu_s = (statistics.median(column) for column in zip(*times, strict=True))
        first = first or (case.size, cpu_s)
        growth = (cpu_s / first[1]) / (case.size / first[0])
        mark = " *" if case.is_limit else ""
        print(f"{case.size:>10g} {wall_s:>7.2f} s {cpu_s:>8.2f} s {growth:>7.2f}{mark}", flush=True)


def timed(run: Callable[[Case], Any], case: Case) -> tuple[float, float]:
    """Seconds of wall and of processor that a scene takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    run(case)
    return time.perf_counter() - wall, time.process_time() - cpu


def sensor_cases() -> Iterator[Case]:
    """A street front of 500 to 8000 sensors before 50 buildings."""
    for sensors in (500, 1000, 2000, 4000, 8000):
        yield Case(sensors, street(sensors, 50), is_limit=sensors == 2000)


def building_cases() -> Iterator[Case]:
    """2000 sensors before 25 to 200 buildings."""
    for buildings in (25, 50, 100, 200):
        yield Case(buildings, street(2000, buildings), is_limit=buildings == 50)


def street(sensors: int, buildings: int) -> dict[str, Any]:
    """Inputs of daylight: a facade 20 m high, and blocks in rows of ten before it."""
    length = sensors / 20
    facade = {"segment": [[length / 2, 0], [-length / 2, 0]], "height": 20}
    context = [
        {"footprint": ring(block(place, length)), "height": 9 + 7 * place % 20}
        for place in range(buildings)
    ]
    texts = {
        "location": {"latitude": 52.52, "longitude": 13.41, "utc_offset": 1},
        "dates": "03-21",
        "context": context,
        "surface": {"facade": facade, "grid_size": 1},
    }
    scope: dict[str, Any] = {name: json.dumps(value) for name, value in texts.items()}
    return scope | {"time_step": 10, "sill_height": 0.0}


def block(place: int, length: float) -> list[tuple[float, float]]:
    """Corners of the footprint at a place of the grid: ten in a row, 24 m from row to row."""
    x, y = (place % 10 - 5) * length / 10, 16.0 + 24 * (place // 10)
    width = 0.7 * length / 10
    return [(x, y), (x + width, y), (x + width, y + 14), (x, y + 14)]


def site_cases() -> Iterator[Case]:
    """Sites of 10 to 80 ha with 50 to 400 blocks on rolling ground."""
    accept = Registry.load().resolve("layouts", None, None).inputs.complete
    for hectares in (10, 20, 40, 80):
        yield Case(hectares, site_scope(accept(site(hectares))), is_limit=hectares == 40)


def site(hectares: float) -> dict[str, Any]:
    """Inputs of layouts; the area is exact."""
    side = math.sqrt(hectares * HECTARE_M2 / area(OUTLINE))
    count = int(side // 10) + 2
    heights = [200 + rolling(c * 10, r * 10) for r in range(count) for c in range(count)]
    grid = {"origin": [0, 0], "cell_m": 10, "columns": count, "rows": count}
    start, end = OUTLINE[1:3]
    gate = [(a + b) / 2 * side for a, b in zip(start, end, strict=True)]
    return {
        "crs": "EPSG:25832",
        "boundary": {"coordinates": ring(scaled(OUTLINE, side))},
        "exclusions": [ring(scaled(WETLAND, side))],
        "entrance": gate,
        "target_capacity_kw": 1000 * 5 * hectares,
        "block": {"width_m": 28, "depth_m": 14, "gap_m": 2, "rating_kw": 1000},
        "rows": {"spacing_m": 4},
        "use_terrain": True,
        "terrain": {"grid": grid | {"elevations_m": heights}},
    }


def rolling(x: float, y: float) -> float:
    """Height of the ground, in metres: hills a few hundred metres apart."""
    return 6 * math.sin(x / 130) * math.cos(y / 170) + x / 100


def site_scope(full: Any) -> dict[str, Any]:  # noqa: ANN401 - completed JSON
    """What the first script of layouts is given."""
    points = [rhino3dm.Point3d(x, y, 0) for x, y in full["boundary"]["coordinates"]]
    plain = ("target_capacity_kw", "setback_m", "road_width_m", "use_terrain", "seed", "crs")
    texts = ("exclusions", "entrance", "block", "rows", "terrain")
    return {
        "boundary": PolylineCurve(points),
        "holes": json.dumps(full["boundary"]["holes"]),
        "slope_limit_percent": full["slope_limit_percent"],
        **{name: full[name] for name in plain},
        **{name: json.dumps(full[name]) for name in texts},
    }


def area(corners: tuple[tuple[float, float], ...]) -> float:
    """The area of a ring that runs counterclockwise."""
    pairs = zip(corners, (*corners[1:], corners[0]), strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def scaled(corners: tuple[tuple[float, float], ...], side: float) -> list[tuple[float, float]]:
    """Corners of a site with this side."""
    return [(x * side, y * side) for x, y in corners]


def ring(corners: list[tuple[float, float]]) -> list[list[float]]:
    """The closed ring of the corners."""
    return [[x, y] for x, y in [*corners, corners[0]]]


if __name__ == "__main__":
    main()
