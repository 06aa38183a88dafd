"""Definitions are built from their sources, the same bytes every time."""

import ast
from pathlib import Path

import pytest

from contracts.commands.build import built_definition
from contracts.grasshopper.builder import DefinitionBuilder
from contracts.grasshopper.document import read_document
from contracts.grasshopper.exposure import expose
from contracts.grasshopper.script_source import bundle

ROOT = Path(__file__).parents[3]
SOURCES = sorted(ROOT.glob("contracts/*/*/definition.py"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: "/".join(path.parts[-3:-1]))
def test_committed_definition_is_what_its_source_builds(source: Path) -> None:
    path, content = built_definition(source.parent)
    assert path.read_bytes() == content


def test_sources_are_found() -> None:
    assert len(SOURCES) >= 2


def test_sitefit_exposes_the_names_of_its_contract() -> None:
    document = read_document((ROOT / "contracts/sitefit/1.0.0/sitefit.ghx").read_bytes())
    exposure = expose(document)
    assert set(exposure.inputs) == {"crs", "parcel", "house", "rotation", "grid_step", "seed"}
    assert set(exposure.outputs) == {
        "id", "transform", "score", "metrics", "tags", "plan_svg", "plan_geojson",
    }  # fmt: skip
    assert exposure.errors == []


def test_ids_depend_on_the_definition() -> None:
    one, other = DefinitionBuilder("one", ""), DefinitionBuilder("other", "")
    assert one.get_number("value") != other.get_number("value")


def test_bundle_drops_imports_between_its_modules(tmp_path: Path) -> None:
    (tmp_path / "first.py").write_text(
        '"""First."""\n\nfrom __future__ import annotations\n\nA = 1\n'
    )
    (tmp_path / "second.py").write_text(
        '# comment\n"""Second."""\n\nfrom __future__ import annotations\n\n'
        "import math\nfrom first import (\n    A,\n)\n\nB = A + math.floor(1.5)\n"
    )
    source = bundle(tmp_path, ("first", "second"), ("numpy",))
    assert source.startswith("# r: numpy\n")
    scope: dict[str, object] = {}
    exec(compile(ast.parse(source), "bundle", "exec"), scope)  # noqa: S102 - what Rhino does with it
    assert scope["B"] == 2
