"""Which values meet, and at which path their result goes."""

import pytest

from contracts.grasshopper.archive import Chunk
from contracts.grasshopper.document import DocumentObject
from devstack.rhino_compute.casting import cast_value
from devstack.rhino_compute.components.arithmetic import COMPONENTS
from devstack.rhino_compute.errors import SolveError, UnsupportedError
from devstack.rhino_compute.matching import (
    Argument,
    Result,
    Slot,
    Solver,
    ValueList,
    solve_matched,
)
from devstack.rhino_compute.value_tree import Value, ValueTree

ADDITION = "a0d62394-a118-422d-abb3-6af115c75b25"
DIVISION = "9c85271f-89fa-4e9f-9f4a-d75802120ccc"


ANY_OBJECT = DocumentObject("", "", "", "", Chunk("Container"), (), (), None)


def arithmetic_solver(component_id: str) -> Solver:
    return COMPONENTS[component_id].prepare(ANY_OBJECT)


def lone(tree: ValueTree, *, is_optional: bool = False) -> Slot:
    return Slot(tree, 0, None, is_optional)


def added(*trees: ValueTree) -> ValueTree:
    slots = [lone(tree) for tree in trees]
    return solve_matched(slots, 1, None, arithmetic_solver(ADDITION))[0]


def listed(arguments: list[Argument]) -> list[Result]:
    values: list[Value] = [argument for argument in arguments if isinstance(argument, int)]
    return [ValueList([*values, *values])]


def test_longest_list_decides_and_the_last_value_repeats() -> None:
    result = added(ValueTree.single(1, 2, 3), ValueTree.single(10, 20))
    assert result == ValueTree({(0,): [11, 22, 23]})


def test_branches_advance_together_and_the_last_repeats() -> None:
    result = added(ValueTree({(0,): [1, 2], (1,): [3]}), ValueTree.single(10, 20))
    assert result == ValueTree({(0,): [11, 22], (1,): [13, 23]})


def test_paths_come_from_the_more_complex_input() -> None:
    result = added(ValueTree.single(1), ValueTree({(0, 0): [10], (0, 1): [20]}))
    assert result == ValueTree({(0, 0): [11], (0, 1): [21]})


def test_saved_principal_input_decides_the_paths() -> None:
    slots = [lone(ValueTree({(5,): [1]})), lone(ValueTree({(0, 0): [2]}))]
    result = solve_matched(slots, 1, 0, arithmetic_solver(ADDITION))[0]
    assert result.paths == [(5,)]


def test_branches_beyond_the_principal_count_on_from_its_last_path() -> None:
    slots = [lone(ValueTree({(4,): [1]})), lone(ValueTree({(0,): [10], (1,): [20], (2,): [30]}))]
    result = solve_matched(slots, 1, 0, arithmetic_solver(ADDITION))[0]
    assert result == ValueTree({(4,): [11], (5,): [21], (6,): [31]})


def test_list_result_of_an_item_input_extends_the_path() -> None:
    result = solve_matched([lone(ValueTree.single(1, 2))], 1, None, listed)[0]
    assert result == ValueTree({(0, 0): [1, 1], (0, 1): [2, 2]})


def test_list_result_of_a_list_input_keeps_the_path() -> None:
    slot = Slot(ValueTree.single(1, 2), 1, None, is_optional=False)

    def echo(arguments: list[Argument]) -> list[Result]:
        assert isinstance(arguments[0], list)
        return [ValueList(arguments[0])]

    assert solve_matched([slot], 1, None, echo)[0] == ValueTree({(0,): [1, 2]})


def test_single_results_join_the_grafted_ones_of_their_branch() -> None:
    def mixed(arguments: list[Argument]) -> list[Result]:
        return [ValueList([7, 8]) if arguments[0] == 2 else 1]

    result = solve_matched([lone(ValueTree.single(1, 2, 3))], 1, None, mixed)[0]
    assert result == ValueTree({(0, 0): [1], (0, 1): [7, 8], (0, 2): [1]})


def test_empty_list_result_leaves_an_empty_branch() -> None:
    result = solve_matched([lone(ValueTree.single(1))], 1, None, lambda _: [ValueList([])])[0]
    assert result == ValueTree({(0, 0): []})


def test_tree_input_is_passed_whole() -> None:
    tree = ValueTree({(0,): [1], (1,): [2]})
    slot = Slot(tree, 2, None, is_optional=False)
    seen: list[Argument] = []
    solve_matched([slot], 1, None, lambda arguments: seen.extend(arguments) or [None])
    assert seen == [tree]


def test_null_in_gives_null_out() -> None:
    assert added(ValueTree.single(1, None), ValueTree.single(5)) == ValueTree({(0,): [6, None]})


def test_empty_branch_stays_an_empty_branch() -> None:
    result = added(ValueTree({(0,): [], (1,): [2]}), ValueTree.single(5))
    assert result == ValueTree({(0,): [], (1,): [7]})


def test_optional_input_without_data_is_none() -> None:
    seen: list[Argument] = []
    slots = [lone(ValueTree.single(1)), lone(ValueTree(), is_optional=True)]
    solve_matched(slots, 1, None, lambda arguments: seen.extend(arguments) or [None])
    assert seen == [1, None]


@pytest.mark.parametrize(
    ("left", "right", "quotient"), [(6, 3, 2), (1, 2, 0.5), (7.5, 2.5, 3.0), ("9", 3, 3.0)]
)
def test_division_of_integers_stays_whole_where_it_can(
    left: Value, right: Value, quotient: float
) -> None:
    result = arithmetic_solver(DIVISION)([left, right])[0]
    assert (result, type(result)) == (quotient, type(quotient))


def test_division_by_zero_is_a_runtime_error() -> None:
    with pytest.raises(SolveError, match="Division by zero"):
        arithmetic_solver(DIVISION)([1, 0])


def test_arithmetic_on_geometry_is_refused() -> None:
    with pytest.raises(UnsupportedError):
        arithmetic_solver(ADDITION)([ValueTree(), 1])


@pytest.mark.parametrize(
    ("value", "type_name", "converted"),
    [
        ("1.5", "Number", 1.5),
        (2.5, "Integer", 2),
        ("3", "Integer", 3),
        (0, "Boolean", False),
        ("TRUE", "Boolean", True),
        (52.0, "Text", "52"),
        (True, "Text", "True"),
        (None, "Number", None),
        (3, "Generic Data", 3),
    ],
)
def test_value_converts_as_parameters_do(value: Value, type_name: str, converted: Value) -> None:
    result = cast_value(value, type_name)
    assert (result, type(result)) == (converted, type(converted))


@pytest.mark.parametrize(
    ("value", "type_name"),
    [("x", "Number"), ("maybe", "Boolean"), (1, "Curve"), (1, "Geometry"), ("1,2", "Point")],
)
def test_conversion_that_does_not_exist_is_a_runtime_error(value: Value, type_name: str) -> None:
    with pytest.raises(SolveError, match="Data conversion failed"):
        cast_value(value, type_name)


def test_arranging_a_tree() -> None:
    tree = ValueTree({(0,): [1, 2], (1,): [3]})
    assert tree.flattened() == ValueTree({(0,): [1, 2, 3]})
    assert tree.grafted() == ValueTree({(0, 0): [1], (0, 1): [2], (1, 0): [3]})
    assert tree.reversed() == ValueTree({(0,): [2, 1], (1,): [3]})
    assert ValueTree().flattened() == ValueTree()
