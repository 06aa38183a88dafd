"""What a definition itself holds, and how parameters arrange it."""

import base64
import json
from typing import Any

import pytest
import rhino3dm

from contracts.grasshopper import chunk_parts as parts
from contracts.grasshopper.archive import Chunk
from contracts.grasshopper.builder import DefinitionBuilder, NumberRange
from devstack.rhino_compute.engine import Engine
from devstack.rhino_compute.errors import UnsupportedError
from devstack.rhino_compute.stored_values import persistent_values
from devstack.rhino_compute.value_tree import Value, ValueTree


def solved(content: bytes) -> tuple[int, dict[str, Any]]:
    body = {"algo": base64.b64encode(content).decode(), "values": []}
    answer = Engine().solve(json.dumps(body))
    return answer.status, json.loads(answer.text)


def worded(default: str) -> bytes:
    builder = DefinitionBuilder("worded", "")
    builder.context_print("words", builder.get_string("words", default))
    return builder.to_ghx()


def stored(*values: Chunk) -> Chunk:
    branch = parts.chunk("Branch", {"Path": parts.text("{0;2}")}, *values, index=0)
    return parts.chunk("Number", {}, parts.chunk("PersistentData", {}, branch))


def holding(**entries: parts.Typed) -> Chunk:
    return parts.chunk("Item", entries, index=0)


@pytest.mark.parametrize(
    ("held", "value"),
    [
        (holding(number=parts.real(2)), 2.0),
        (holding(boolean=parts.switch(on=True)), True),
        (holding(string=parts.text("a")), "a"),
        (holding(null_string=parts.switch(on=True)), None),
        (holding(), None),
        (holding(Coordinate=(51, (1.0, 2.0, 3.0))), rhino3dm.Point3d(1, 2, 3)),
    ],
)
def test_stored_value_is_read_at_its_path(held: Chunk, value: Value) -> None:
    assert persistent_values(stored(held)) == ValueTree({(0, 2): [value]})


def test_stored_value_of_another_kind_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="stored geometry"):
        persistent_values(stored(holding(ON_Data=(20, b"x"))))


def test_panel_is_one_text_or_one_for_each_line() -> None:
    whole = worded("a\r\nb")
    by_line = whole.replace(
        b'name="Multiline" type_name="gh_bool" type_code="1">true',
        b'name="Multiline" type_name="gh_bool" type_code="1">false',
    )
    assert words_of(whole) == ["a\r\nb"]
    assert words_of(by_line) == ["a", "b"]


def words_of(content: bytes) -> list[str]:
    tree = solved(content)[1]["values"][0]["InnerTree"]
    return [json.loads(value["data"]) for value in tree["{0}"]]


def test_text_that_is_no_number_is_a_runtime_error_of_its_parameter() -> None:
    builder = DefinitionBuilder("d", "")
    text = builder.get_string("words", "many")
    builder.context_bake("n", builder.calculate("Addition", text, builder.number(1)))
    status, answer = solved(builder.to_ghx())
    assert status == 500
    assert answer["errors"][0].startswith("Data conversion failed from str to Number: component ")


def test_wires_in_a_circle_are_a_runtime_error() -> None:
    builder = DefinitionBuilder("d", "")
    one = builder.number(1)
    total = builder.calculate("Addition", one, one)
    builder.context_bake("n", total)
    content = builder.to_ghx()
    source = f'name="Source" index="0" type_name="gh_guid" type_code="9">{one}'.encode()
    assert source in content
    circular = content.replace(source, source.replace(one.encode(), total.encode()))
    status, answer = solved(circular)
    assert status == 500
    assert answer["errors"][0].startswith("Recursive data stream found: ")


@pytest.mark.parametrize(("mapping", "paths"), [(1, ["{0}"]), (2, ["{0;0}", "{0;1}"])])
def test_output_parameter_flattens_or_grafts(mapping: int, paths: list[str]) -> None:
    content = worded("a\nb").replace(b'type_code="1">true', b'type_code="1">false')
    arranged = content.replace(
        b'name="Mapping" type_name="gh_int32" type_code="3">1',
        f'name="Mapping" type_name="gh_int32" type_code="3">{mapping}'.encode(),
    )
    assert list(solved(arranged)[1]["values"][0]["InnerTree"]) == paths


def test_slider_holds_its_value() -> None:
    builder = DefinitionBuilder("d", "")
    builder.context_bake("n", builder.get_integer("n", NumberRange(0, 9, 4)))
    tree = solved(builder.to_ghx())[1]["values"][0]["InnerTree"]
    assert tree == {"{0}": [{"type": "System.Int32", "data": "4"}]}


def test_arithmetic_without_inputs_gives_null() -> None:
    builder = DefinitionBuilder("d", "")
    one = builder.number(1)
    builder.context_bake("n", builder.calculate("Addition", one, one))
    content = builder.to_ghx().replace(b'name="InputParam"', b'name="Unread"')
    assert solved(content)[1]["values"][0]["InnerTree"] == {"{0}": []}
