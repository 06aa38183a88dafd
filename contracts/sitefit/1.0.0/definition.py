"""Builds sitefit.ghx: two scripts, one that finds placements and one that draws the plan."""

from pathlib import Path

from contracts.grasshopper.builder import DefinitionBuilder, NumberRange, ScriptInput
from contracts.grasshopper.script_source import bundle

FILE_NAME = "sitefit.ghx"
HERE = Path(__file__).parent
PLACE = """
# Every candidate is tried, so the seed changes nothing; it is an input because a contract
# states the seed of every solve.
id, transform, score, metrics, tags, plan = place(parcel, house, rotation, grid_step)
"""
DRAW = """
plan_svg, plan_geojson = draw(plan, crs)
"""


def build() -> bytes:
    """Return the definition as XML."""
    definition = DefinitionBuilder(
        "sitefit 1.0.0", "Places a house footprint on a parcel: best placements first."
    )
    crs = definition.get_string("crs", prompt="Name of the coordinate reference system")
    parcel = definition.get_geometry("parcel", prompt="Closed polyline of the parcel, in metres")
    house = definition.get_geometry("house", prompt="Closed polyline of the house, in metres")
    rotation = definition.get_string(
        "rotation", '{"min": 0, "max": 180, "step": 5}', prompt="Turns to try, in degrees"
    )
    grid_step = definition.get_number(
        "grid_step", NumberRange(0.1, 100, 0.5), prompt="Distance of positions to try, in metres"
    )
    seed = definition.get_integer("seed", NumberRange(0, 2**31 - 1, 1), prompt="Seed of the solve")
    found = definition.python_script(
        "Place house",
        bundle(HERE, ("polygons", "place_house", "report_results"), ("numpy",)) + PLACE,
        [
            ScriptInput("parcel", parcel, "curve"),
            ScriptInput("house", house, "curve"),
            ScriptInput("rotation", rotation, "str"),
            ScriptInput("grid_step", grid_step, "float"),
            ScriptInput("seed", seed, "int"),
        ],
        ("id", "transform", "score", "metrics", "tags", "plan"),
    )
    drawn = definition.python_script(
        "Draw plan",
        bundle(HERE, ("draw_plan",)) + DRAW,
        [ScriptInput("plan", found["plan"], "str"), ScriptInput("crs", crs, "str")],
        ("plan_svg", "plan_geojson"),
    )
    for name in ("id", "transform", "score", "metrics", "tags"):
        definition.context_print(name, found[name])
    for name in ("plan_svg", "plan_geojson"):
        definition.context_print(name, drawn[name])
    return definition.to_ghx()
