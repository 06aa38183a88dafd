"""Builds layouts.ghx: one script that finds the layout, one that writes its files."""

from pathlib import Path

from contracts.grasshopper.builder import DefinitionBuilder, NumberRange, ScriptInput
from contracts.grasshopper.script_source import bundle

FILE_NAME = "layouts.ghx"
HERE = Path(__file__).parent
# What pip installs into Rhino 8's CPython 3.9: the newest that supports it.
PACKAGES = ("numpy==2.0.2", "shapely==2.0.7")
FINDING = (
    *("geo", "read_order", "read_terrain", "level_pads", "pack_rows", "grow_roads", "perimeter", "road_net"),
    *("shape_roads", "site_room", "find_layout", "report_layout"),
)
DRAWING = ("geo", "read_terrain", "contour_lines", "draw_plan", "write_features")
FIGURES = (
    *("total_capacity_kw", "asset_count", "road_length_m", "cut_volume_m3", "fill_volume_m3"),
    *("orientation_deg", "target_met"),
)
FOUND = (*FIGURES, "assets", "roads", "refusals")
FILES = ("plan_svg", "assets_geojson", "roads_geojson")
FIND = f"""
{", ".join((*FOUND, "plan"))} = plan_site(
    Asked(
        boundary, holes, exclusions, entrance, target_capacity_kw, block, rows, setback_m,
        road_width_m, use_terrain, terrain, slope_limit_percent, seed,
    )
)
figures = json.dumps(
    {{
        "total_capacity_kw": total_capacity_kw,
        "asset_count": asset_count,
        "road_length_m": road_length_m,
        "cut_volume_m3": cut_volume_m3,
        "fill_volume_m3": fill_volume_m3,
        "orientation_deg": orientation_deg,
        "target_met": target_met,
        "with_terrain": bool(use_terrain),
    }}
)
"""
DRAW = """
plan_svg, assets_geojson, roads_geojson = [], [], []
if plan:
    with_terrain = json.loads(figures)["with_terrain"]
    plan_svg = draw(plan, crs, figures, terrain if with_terrain else "")
    assets_geojson, roads_geojson = write_features(plan, crs)
"""


def build() -> bytes:
    """Return the definition as XML."""
    definition = DefinitionBuilder(
        "layouts 1.0.0", "Lays out an energy site: blocks in rows, roads, levelled pads."
    )
    crs = definition.get_string("crs", prompt="Name of the coordinate reference system")
    inputs = asked(definition)
    terrain = next(wired.source for wired in inputs if wired.name == "terrain")
    found = definition.python_script(
        "Find layout",
        bundle(HERE, FINDING, PACKAGES) + FIND,
        inputs,
        (*FOUND, "plan", "figures"),
    )
    drawn = definition.python_script(
        "Write files",
        bundle(HERE, DRAWING, PACKAGES) + DRAW,
        [
            ScriptInput("plan", found["plan"], "str"),
            ScriptInput("crs", crs, "str"),
            ScriptInput("figures", found["figures"], "str"),
            ScriptInput("terrain", terrain, "str"),
        ],
        FILES,
    )
    for name in FOUND:
        definition.context_print(name, found[name])
    for name in FILES:
        definition.context_print(name, drawn[name])
    return definition.to_ghx()


def asked(definition: DefinitionBuilder) -> list[ScriptInput]:
    """Add the inputs of the first script; coordinates and lengths are metres."""
    metres = NumberRange(0, 1000, 5)
    return [
        ScriptInput("boundary", definition.get_geometry("boundary", "Closed polyline"), "curve"),
        ScriptInput("holes", definition.get_string("holes", "[]", "Rings, as JSON"), "str"),
        ScriptInput("exclusions", definition.get_string("exclusions", "[]", "Rings, as JSON"), "str"),
        ScriptInput("entrance", definition.get_string("entrance", None, "[x, y]"), "str"),
        ScriptInput(
            "target_capacity_kw",
            definition.get_number("target_capacity_kw", NumberRange(1, 1e7, 10_000)),
            "float",
        ),
        ScriptInput("block", definition.get_string("block", None, "Size and rating, as JSON"), "str"),
        ScriptInput("rows", definition.get_string("rows", None, "Turns to try, spacing"), "str"),
        ScriptInput("setback_m", definition.get_number("setback_m", metres), "float"),
        ScriptInput("road_width_m", definition.get_number("road_width_m", metres), "float"),
        ScriptInput("use_terrain", definition.get_boolean("use_terrain", default=False), "bool"),
        ScriptInput("terrain", definition.get_string("terrain", "{}", "Elevations, as JSON"), "str"),
        ScriptInput(
            "slope_limit_percent",
            definition.get_number("slope_limit_percent", NumberRange(0.1, 100, 15)),
            "float",
        ),
        ScriptInput("seed", definition.get_integer("seed", NumberRange(0, 2**31 - 1, 1)), "int"),
    ]
