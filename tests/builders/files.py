"""Files of results, judged by those who define their formats."""

import copy
import json
import subprocess
from pathlib import Path
from typing import Any

import jsonschema

FIXTURES = Path(__file__).parents[1] / "fixtures"
GEOJSON: dict[str, Any] = json.loads((FIXTURES / "geojson.schema.json").read_text())
CRS = {"properties": {"name": {"pattern": r"^urn:ogc:def:crs:EPSG::\d+$"}}}


def gltf_report(model: bytes) -> dict[str, Any]:
    """What Khronos' validator says of a glTF file."""
    script = FIXTURES / "validate_gltf.cjs"
    ran = subprocess.run(["node", script], input=model, capture_output=True, check=True)
    return json.loads(ran.stdout)


def check_geojson(collection: dict[str, Any]) -> None:
    """Fail unless it keeps RFC 7946, or its forerunner of 2008 where it names a projected CRS."""
    schema = copy.deepcopy(GEOJSON)
    if "crs" in collection:
        del schema["not"], schema["$defs"]["position"]["prefixItems"]
        schema["properties"]["crs"] = CRS
    jsonschema.Draft202012Validator(schema).validate(collection)


def check(media_type: str, content: bytes) -> None:
    """Fail unless the content is a whole file of its type."""
    match media_type:
        case "model/gltf-binary":
            assert gltf_report(content)["issues"]["messages"] == []
        case "application/geo+json":
            check_geojson(json.loads(content))
        case "image/png":
            assert content.startswith(b"\x89PNG\r\n\x1a\n")
            assert content.endswith(b"IEND\xaeB`\x82")
        case "image/svg+xml":
            assert content.startswith(b"<svg")
            assert content.rstrip().endswith(b"</svg>")
        case _:
            raise AssertionError(media_type)
