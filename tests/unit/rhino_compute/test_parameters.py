"""What parameters do to data on its way, and what documents hold themselves."""

from typing import Any

import pytest

from contracts.grasshopper.builder import DefinitionBuilder, NumberRange, Port
from devstack.rhino_compute.casting import cast_value
from devstack.rhino_compute.definition import Definition, read_definition
from devstack.rhino_compute.solution import Solution
from devstack.rhino_compute.value_tree import Value, ValueTree
from tests.unit.rhino_compute.evaluating import show

CUSTOM_PREVIEW = "537b0419-bbc2-4ff4-bf08-afe526367b2c"
SERIES = "e64c5fb1-845c-4ab1-8911-5f338516ba67"
ADDITION = "a0d62394-a118-422d-abb3-6af115c75b25"
LENGTH = "1817fd29-20ae-4503-b542-f0fb651e67d7"
DELAUNAY = "1eb4f6ff-3547-4184-bead-1b01e7cfd668"


def solved(builder: DefinitionBuilder, **given: ValueTree) -> tuple[dict[str, ValueTree], Solution]:
    definition = read_definition(builder.to_ghx())
    assert definition.refusals == ()
    inputs = {
        definition.exposure.inputs[name].parameter.parameter_id: tree
        for name, tree in given.items()
    }
    solution = Solution(definition, inputs)
    return solution.solve(), solution


def show_as_output(builder: DefinitionBuilder, source: str) -> None:
    port = Port("shown", (source,), is_optional=True)
    builder.group("RH_OUT:x", builder.parameter("Generic Data", port))


def exposed(builder: DefinitionBuilder, source: str) -> ValueTree:
    """Return what a parameter holds; RH_OUT shows it as it is."""
    show_as_output(builder, source)
    outputs, solution = solved(builder)
    assert solution.errors == []
    return outputs["RH_OUT:x"]


def held(type_name: str, *values: float | str, **tuning: Any) -> ValueTree:
    builder = DefinitionBuilder("held", "")
    port = Port("x", held=values, **tuning)
    return exposed(builder, builder.parameter(type_name, port))


@pytest.mark.parametrize(
    ("type_name", "given", "value"),
    [
        ("Number", "1.5", 1.5),
        ("Integer", 2.6, 3),
        ("Text", 2.0, "2"),
        ("Boolean", 1, True),
        ("Point", "1, 2, 3", (1, 2, 3)),
        ("Vector", "{1, 2, 3}", (1, 2, 3)),
        ("Domain", "0 to 5", "0 To 5"),
        ("Generic Data", "a", "a"),
    ],
)
def test_parameter_converts_what_it_holds(
    type_name: str, given: float | str, value: object
) -> None:
    (found,) = held(type_name, given).values
    shown = cast_value(found, "Text") if type_name == "Domain" else show(found)
    assert (shown, type(shown)) == (value, type(value))


def test_expression_of_a_parameter_changes_each_value() -> None:
    assert held("Number", 1, 2, expression="x/2") == ValueTree.single(0.5, 1.0)


def test_reversed_grafted_flattened_and_simplified_parameters() -> None:
    assert held("Number", 1, 2, is_reversed=True) == ValueTree.single(2.0, 1.0)
    grafted = ValueTree({(0, 0): [1.0], (0, 1): [2.0]})
    assert held("Number", 1, 2, mapping="graft") == grafted
    assert held("Number", 1, 2, mapping="flatten") == ValueTree.single(1.0, 2.0)
    assert held("Number", 1, 2, mapping="graft", is_simplified=True) == ValueTree(
        {(0,): [1.0], (1,): [2.0]}
    )


def test_parameter_gathers_its_sources_branch_by_branch() -> None:
    builder = DefinitionBuilder("gathering", "")
    first = builder.parameter("Number", Port("a", held=(1, 2), mapping="graft"))
    second = builder.parameter("Number", Port("b", held=(3,)))
    relayed = builder.relay(first)
    merged = builder.parameter("Number", Port("c", (relayed, second)))
    assert exposed(builder, merged) == ValueTree({(0,): [3.0], (0, 0): [1.0], (0, 1): [2.0]})


def test_inputs_of_components_arrange_their_data_too() -> None:
    builder = DefinitionBuilder("arranging", "")
    source = builder.parameter("Number", Port("a", held=(1, 2, 3)))
    reading = Port("L", (source,), access="list", mapping="graft", expression="x*10")
    count = builder.component(LENGTH, "List Length", [reading], ("L",))
    assert exposed(builder, count["L"]) == ValueTree({(0, 0): [1], (0, 1): [1], (0, 2): [1]})


@pytest.mark.parametrize(
    ("options", "values"),
    [
        ({"one": "1", "two": "2"}, [2]),
        ({"one": "1", "two": "2.0"}, [2.0]),
        ({"one": "1", "two": '"a b"'}, ["a b"]),
        ({"one": "1", "two": "4 * 5"}, [20]),
        ({"one": "1"}, []),
    ],
)
def test_value_list_gives_what_is_selected(options: dict[str, str], values: list[Value]) -> None:
    builder = DefinitionBuilder("choosing", "")
    tree = exposed(builder, builder.value_list(options, "two"))
    assert tree.values == values
    assert [type(value) for value in tree.values] == [type(value) for value in values]


def test_toggle_and_contextual_default() -> None:
    builder = DefinitionBuilder("toggling", "")
    assert exposed(builder, builder.toggle(on=True)) == ValueTree.single(True)
    builder = DefinitionBuilder("sliding", "")
    builder.group("RH_OUT:x", builder.get_number("n", NumberRange(0, 9, 4)))
    assert solved(builder)[0]["RH_OUT:x"] == ValueTree.single(4.0)
    assert solved(builder, n=ValueTree.single(7.0))[0]["RH_OUT:x"] == ValueTree.single(7.0)


def test_input_without_data_skips_its_component_with_a_warning() -> None:
    builder = DefinitionBuilder("starving", "")
    made = builder.component(SERIES, "Series", [Port("S", held=(1,)), Port("N"), Port("C")], ("S",))
    show_as_output(builder, made["S"])
    outputs, solution = solved(builder)
    assert outputs["RH_OUT:x"] == ValueTree()
    assert solution.errors == []
    (warning,) = solution.warnings
    assert warning.startswith('Input parameter N failed to collect data: component "Series" (')


def test_previews_collect_their_inputs_and_do_nothing() -> None:
    builder = DefinitionBuilder("previewing", "")
    source = builder.parameter("Number", Port("a", held=(1,)))
    builder.component(CUSTOM_PREVIEW, "Custom Preview", [Port("G", (source,))], ())
    builder.group("RH_OUT:x", source)
    outputs, solution = solved(builder)
    assert (outputs["RH_OUT:x"], solution.errors) == (ValueTree.single(1.0), [])


def refusals_of(builder: DefinitionBuilder) -> tuple[str, ...]:
    definition: Definition = read_definition(builder.to_gh())
    return definition.refusals


def test_unsupported_component_is_refused_by_name_and_guid() -> None:
    builder = DefinitionBuilder("refused", "")
    builder.component(DELAUNAY, "Delaunay Mesh", [Port("P")], ("M",))
    (refusal,) = refusals_of(builder)
    known = f'component {DELAUNAY} is not supported: component "Delaunay Mesh" ('
    assert refusal.startswith(known)


def test_cycle_is_a_runtime_error_of_one_component() -> None:
    builder = DefinitionBuilder("turning", "")
    first = builder.component(ADDITION, "Addition", [Port("A", held=(1,))], ("R",))
    builder = DefinitionBuilder("turning", "")  # the same ids again
    builder.component(ADDITION, "Addition", [Port("A", (first["R"],))], ("R",))
    _, solution = solved(builder)
    assert [error.partition(":")[0] for error in solution.errors] == ["Recursive data stream found"]


def test_long_chain_is_solved() -> None:
    builder = DefinitionBuilder("chained", "")
    source = builder.parameter("Number", Port("a", held=(0,)))
    one = builder.parameter("Number", Port("b", held=(1,)))
    for _ in range(1000):
        source = builder.calculate("Addition", source, one)
    assert exposed(builder, source) == ValueTree.single(1000.0)
