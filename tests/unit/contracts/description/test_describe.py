"""What a document is to a client of Rhino.Compute, and what would go wrong with it."""

import json
import math
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.commands.program import main
from contracts.description.describe import describe
from contracts.description.known_components import KNOWN
from contracts.grasshopper import chunk_parts as parts
from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.builder import DefinitionBuilder, NumberRange
from contracts.grasshopper.errors import GrasshopperFileError
from contracts.grasshopper.files import read_archive, write_binary
from devstack.rhino_compute.components.catalogue import SUPPORTED
from tests.unit.contracts.documents import (
    BREP,
    NUMBER,
    document_of,
    floating,
    grouped,
    guid,
    house,
    placed,
    script_of,
    with_plugin,
)

GENERIC = ids.GENERIC_PARAMETER
INFLATED = zlib.decompress(write_binary(read_archive(house())), wbits=-15)


def codes(content: bytes) -> list[str]:
    return [finding.code for finding in describe(content, "d.ghx").findings]


def test_the_json_form_holds_what_a_contract_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "house.ghx"
    file.write_bytes(house())
    assert main(["describe", str(file), "--json"]) == 0
    limits = {"at_least": 1, "at_most": 1}
    unlimited = {"minimum": None, "maximum": None, **limits}
    assert json.loads(capsys.readouterr().out) == {
        "document": "house",
        "inputs": [
            {
                "name": "width",
                "type": "Number",
                "default": 4,
                "minimum": 1,
                "maximum": 10,
                **limits,
            },
            {
                "name": "storeys",
                "type": "Integer",
                "default": None,
                "minimum": 1,
                "maximum": 5,
                **limits,
            },
            {"name": "label", "type": "Text", "default": "plain", **unlimited},
            {"name": "outline", "type": "Geometry", "default": None, **unlimited},
        ],
        "outputs": [{"name": "area", "type": "Text"}],
        "libraries": [],
        "findings": [],
    }


def test_a_person_reads_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "house.gh"
    file.write_bytes(with_plugin(house(), "Kangaroo2", "2.5.3"))
    assert main(["describe", str(file)]) == 1
    text = capsys.readouterr().out
    assert "  width    Number    4.0      1 .. 10  1" in text
    assert "  Kangaroo2  2.5.3" in text
    assert "  plugin_needed  the plugin Kangaroo2 2.5.3 must be installed" in text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (document_of(floating(1, NUMBER)), "exposes_nothing"),
        (script_of("a = (value"), "script_does_not_compile"),
        (script_of("a = '\0'"), "script_does_not_compile"),
        (with_plugin(house(), "Kangaroo2", "2.5.3"), "plugin_needed"),
    ],
)
def test_a_finding_has_its_code(content: bytes, code: str) -> None:
    assert codes(content) == [code]


def test_the_first_of_two_equal_names_is_used() -> None:
    builder = DefinitionBuilder("twice", "")
    builder.get_number("value")
    value = builder.get_number("value")
    builder.context_bake("result", value)
    builder.context_bake("result", value)
    description = describe(builder.to_ghx(), "d.ghx")
    assert [finding.code for finding in description.findings] == ["duplicate_name"] * 2
    assert "2 inputs are named 'value'" in description.findings[0].message
    assert "2 outputs are named 'result'" in description.findings[1].message


@pytest.mark.parametrize(
    ("component_id", "is_ignored"), [(NUMBER, False), (BREP, False), (GENERIC, True)]
)
def test_a_grouped_input_of_some_types_is_ignored(component_id: str, *, is_ignored: bool) -> None:
    content = document_of(
        floating(1, component_id), grouped("RH_IN:a", 1), grouped("RH_OUT:b", 1, number=98)
    )
    assert codes(content) == ["ignored_input_type"] * is_ignored


def test_an_unknown_component_is_named_with_its_id() -> None:
    invented = "deadbeef-0000-0000-0000-000000000000"
    content = document_of(
        floating(1, NUMBER),
        grouped("RH_OUT:b", 1),
        placed(invented, "Frobnicate", parts.chunk("Container", parts.labels(guid(5), "F", "f"))),
    )
    [finding] = describe(content, "d.ghx").findings
    assert finding.code == "component_unknown"
    assert "'Frobnicate'" in finding.message
    assert invented in finding.message


def held(item: dict[str, parts.Typed]) -> parts.Chunk:
    stored = parts.chunk("Item", item, index=0)
    branch = parts.chunk("Branch", {"Count": parts.whole(1)}, stored, index=0)
    return parts.chunk("PersistentData", {"Count": parts.whole(1)}, branch)


@pytest.mark.parametrize(
    ("component_id", "item", "default"),
    [
        (NUMBER, {"number": parts.real(2.5)}, 2.5),
        ("2e3ab970-8545-46bb-836c-1c11e5610bce", {"number": parts.whole(3)}, 3),
        ("3ede854e-c753-40eb-84cb-b48008f14fd4", {"string": parts.text("a")}, "a"),
        ("cb95db89-6165-43b6-9c41-5702bc5bf137", {"boolean": parts.switch(on=False)}, False),
        (BREP, {"ON_Data": parts.text("...")}, None),
    ],
)
def test_data_stored_in_a_parameter_is_its_default(
    component_id: str, item: dict[str, parts.Typed], default: object
) -> None:
    content = document_of(floating(1, component_id, held(item)), grouped("RH_IN:a", 1))
    assert describe(content, "d.ghx").inputs[0].default == default


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_a_number_that_json_cannot_carry_is_no_default(number: float) -> None:
    content = document_of(
        floating(1, NUMBER, held({"number": parts.real(number)})), grouped("RH_IN:a", 1)
    )
    assert describe(content, "d.ghx").inputs[0].default is None


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_file_is_described_or_refused(flips: list[tuple[int, int]]) -> None:
    damaged = bytearray(INFLATED)
    for place, value in flips:
        damaged[place % len(damaged)] = value
    deflated = zlib.compressobj(wbits=-15)
    content = deflated.compress(bytes(damaged)) + deflated.flush()
    with suppress(GrasshopperFileError):
        json.dumps(describe(content, "d.gh").to_json(), allow_nan=False)


def test_wires_in_a_circle_end() -> None:
    entries = {**parts.labels(guid(1), "Number", "n"), "SourceCount": parts.whole(1)}
    circle = parts.chunk("Container", entries, Source=[parts.guid(guid(1))])
    content = document_of(placed(NUMBER, "Number", circle), grouped("RH_IN:a", 1))
    assert describe(content, "d.ghx").inputs[0].default is None


def test_an_own_maximum_counts() -> None:
    builder = DefinitionBuilder("limits", "")
    builder.get_number("value", NumberRange(-1, 7))
    assert describe(builder.to_ghx(), "d.ghx").inputs[0].maximum == 7


@pytest.mark.parametrize("content", [b"", b"\x00", b"<a/>", b"<Archive", b"plain text"])
def test_a_file_that_is_no_archive_ends_in_one_line(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "broken.gh"
    file.write_bytes(content)
    assert main(["describe", str(file)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"{file}: not a Grasshopper document: ")
    assert told.err.count("\n") == 1


def test_a_large_document_is_described() -> None:
    builder = DefinitionBuilder("large", "")
    value = builder.get_number("value")
    for _ in range(600):
        value = builder.calculate("Addition", value, value)
    builder.context_bake("result", value)
    content = builder.to_gh()
    assert describe(content, "large.gh").findings == ()


def test_what_the_local_engine_evaluates_is_known() -> None:
    assert SUPPORTED <= KNOWN
