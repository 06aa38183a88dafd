"""Builds daylight.ghx: one script assesses the surface, one makes the files."""

from pathlib import Path

from contracts.grasshopper.builder import DefinitionBuilder, NumberRange, ScriptInput
from contracts.grasshopper.document import Library
from contracts.grasshopper.script_source import bundle

FILE_NAME = "daylight.ghx"
HERE = Path(__file__).parent
# The first script imports ladybug, which comes with Ladybug Tools; this is its Grasshopper part.
LADYBUG = Library("a44d4635-75e4-4019-89be-e0005630d465", "LadybugGrasshopper", "0.0.0.1")
ASSESS = """
sensors, kpis, refusals, drawing = assess(
    location, dates, context, surface, (time_step, sill_height)
)
"""
DRAW = """
import base64

if drawing is not None:  # refused inputs have none
    shown = read_drawing(drawing)
    heat_map = base64.b64encode(draw_heat_map(shown)).decode()
    model = base64.b64encode(write_gltf(shown)).decode()
    geojson = write_geojson(shown)
"""


def build() -> bytes:
    """Return the definition as XML."""
    definition = DefinitionBuilder(
        "daylight 0.1.0", "Sun hours and sky component of a surface among buildings."
    )
    definition.require_plugin(LADYBUG)
    location = definition.get_string("location", prompt="Degrees and UTC offset, or an EPW header")
    dates = definition.get_string("dates", '"03-21"', prompt="A date MM-DD or a list of them")
    time_step = definition.get_integer(
        "time_step", NumberRange(4, 60, 10), prompt="Minutes between positions of the sun"
    )
    context = definition.get_string("context", "[]", prompt="Buildings: footprints and heights")
    surface = definition.get_string("surface", prompt="Facade or ground, and its grid")
    sill_height = definition.get_number(
        "sill_height", NumberRange(0, 500, 0), prompt="Height of the lowest sensors, in metres"
    )
    found = definition.python_script(
        "Assess daylight",
        bundle(HERE, ("occlusion", "daylight", "scene", "assess"), ("numpy",)) + ASSESS,
        [
            ScriptInput("location", location, "str"),
            ScriptInput("dates", dates, "str"),
            ScriptInput("time_step", time_step, "int"),
            ScriptInput("context", context, "str"),
            ScriptInput("surface", surface, "str"),
            ScriptInput("sill_height", sill_height, "float"),
        ],
        ("sensors", "kpis", "refusals", "drawing"),
    )
    modules = ("drawing", "write_geojson", "binary_gltf", "write_gltf", "draw_heat_map")
    drawn = definition.python_script(
        "Make files",
        bundle(HERE, modules, ("numpy", "matplotlib")) + DRAW,
        [ScriptInput("drawing", found["drawing"], "str")],
        ("heat_map", "model", "geojson"),
    )
    for name in ("sensors", "kpis", "refusals"):
        definition.context_print(name, found[name])
    for name in ("heat_map", "model", "geojson"):
        definition.context_print(name, drawn[name])
    return definition.to_ghx()
