"""Sequences, lists and trees, with the paths of their results."""

import pytest

from devstack.rhino_compute.rhino_geometry.shapes import Interval
from tests.unit.rhino_compute.evaluating import result, results, solve

ABC: list = ["a", "b", "c"]


def test_sequences_get_a_branch_for_each_item() -> None:
    assert result("Series", 1, 2, 3) == {"{0;0}": [1.0, 3.0, 5.0]}
    assert result("Series", [0, 10], 1, 2) == {"{0;0}": [0.0, 1.0], "{0;1}": [10.0, 11.0]}
    assert result("Range", "0 To 1", 4) == {"{0;0}": [0.0, 0.25, 0.5, 0.75, 1.0]}


def test_series_of_nothing_leaves_an_empty_branch() -> None:
    assert result("Series", 0, 1, 0) == {"{0;0}": []}


def test_duplicating_and_repeating() -> None:
    assert result("Duplicate Data", ["a", "b"], 2, True) == {"{0;0}": ["a", "b", "a", "b"]}
    assert result("Duplicate Data", ["a", "b"], 2, False) == {"{0;0}": ["a", "a", "b", "b"]}
    assert result("Repeat Data", ["a", "b"], 3) == {"{0;0}": ["a", "b", "a"]}


def test_culling() -> None:
    assert result("Cull Pattern", ABC, [True, False]) == {"{0}": ["a", "c"]}
    assert result("Cull Index", ABC, [0, 5], False) == {"{0;0}": ["b", "c"]}
    assert result("Cull Index", ABC, [-1], True) == {"{0;0}": ["a", "b"]}
    assert result("Cull Nth", ABC, 2) == {"{0;0}": ["a", "c"]}


def test_list_item_is_a_single_value_in_the_same_branch() -> None:
    assert result("List Item", ABC, [0, 2], False) == {"{0}": ["a", "c"]}
    assert result("List Item", ABC, 4, True) == {"{0}": ["b"]}
    assert result("List Item", ABC, 3, False) == {"{0}": [None]}
    neighbours = results("List Item", ABC, 1, True, outputs="-1 i +1")
    assert neighbours == [{"{0}": ["a"]}, {"{0}": ["b"]}, {"{0}": ["c"]}]


def test_each_branch_has_its_own_item_length_and_order() -> None:
    tree = {"0": ["a", "b"], "1": ["c"]}
    assert result("List Item", tree, 0, False) == {"{0}": ["a"], "{1}": ["c"]}
    assert result("List Length", tree) == {"{0}": [2], "{1}": [1]}
    assert result("Reverse List", tree) == {"{0}": ["b", "a"], "{1}": ["c"]}


def test_shifting_splitting_and_subsets() -> None:
    assert result("Shift List", ABC, 1, True) == {"{0;0}": ["b", "c", "a"]}
    assert result("Shift List", ABC, -1, True) == {"{0;0}": ["c", "a", "b"]}
    assert result("Shift List", ABC, 1, False) == {"{0;0}": ["b", "c"]}
    assert result("Shift List", ABC, -1, False) == {"{0;0}": ["a", "b"]}
    assert results("Split List", ABC, 1, outputs="A B") == [{"{0;0}": ["a"]}, {"{0;0}": ["b", "c"]}]
    assert results("Split List", ABC, 9, outputs="A B") == [{"{0;0}": ABC}, {"{0;0}": []}]
    assert results("Sub List", ABC, Interval(1, 3), False, outputs="L I") == [
        {"{0;0}": ["b", "c"]},
        {"{0;0}": [1, 2]},
    ]
    assert results("Sub List", ABC, Interval(1, 3), True, outputs="L I") == [
        {"{0;0}": ["b", "c", "a"]},
        {"{0;0}": [1, 2, 0]},
    ]


def test_sorting_takes_values_along_and_keeps_the_order_of_equal_keys() -> None:
    assert results("Sort List", [2, 1, 2, 0], ["a", "b", "c", "d"], outputs="K A") == [
        {"{0}": [0.0, 1.0, 2.0, 2.0]},
        {"{0}": ["d", "b", "a", "c"]},
    ]


def test_dispatching_and_weaving() -> None:
    assert results("Dispatch", ABC, [True, False], outputs="A B") == [
        {"{0}": ["a", "c"]},
        {"{0}": ["b"]},
    ]
    assert results("Dispatch", ABC, [True], outputs="A B") == [{"{0}": ABC}, {"{0}": []}]
    assert result("Weave", [0, 1], ["a", "b", "c"], [1]) == {"{0}": ["a", 1, "b", "c"]}
    assert result("Weave", [0, 0, 1, 7], ["a", "b", "c"], [1, 2]) == {"{0}": ["a", "b", 1, "c", 2]}


def test_merging_and_entwining() -> None:
    assert result("Merge", {"0": [1], "1": [2]}, [3]) == {"{0}": [1, 3], "{1}": [2]}
    assert result("Merge", [1], None, [3], optional="xyz") == {"{0}": [1, 3]}
    assert result("Entwine", {"4": [1], "5": [2]}, [3]) == {"{0;0}": [1, 2], "{0;1}": [3]}
    assert result("Stream Filter", 1, [1], {"3": [2]}) == {"{3}": [2]}


def test_grafting_and_flattening() -> None:
    tree = {"0": [1, 2], "1": [3]}
    assert result("Graft Tree", tree) == {"{0;0}": [1], "{0;1}": [2], "{1;0}": [3]}
    assert result("Flatten Tree", tree, "{2;3}") == {"{2;3}": [1, 2, 3]}
    assert result("Flatten Tree", tree, None, optional="y") == {"{0}": [1, 2, 3]}


@pytest.mark.parametrize(
    ("paths", "front", "simple"),
    [
        (["0;0;5", "0;1;5"], False, ["{0}", "{1}"]),
        (["0;0;5", "0;1;5"], True, ["{0;5}", "{1;5}"]),
        (["0;3;2"], False, ["{0;3;2}"]),
        (["0;0", "0;1", "1;0"], False, ["{0;0}", "{0;1}", "{1;0}"]),
        (["2;1", "2;1;0"], False, ["{2}", "{2;0}"]),
        (["0;7;1", "1;7;2"], False, ["{0;1}", "{1;2}"]),
        (["0;7;1", "1;7;2"], True, ["{0;7;1}", "{1;7;2}"]),
    ],
)
def test_simplifying_drops_what_all_paths_share(
    paths: list[str], front: bool, simple: list[str]
) -> None:
    shown = result("Simplify Tree", {path: [path] for path in paths}, front)
    assert shown == dict(zip(simple, [[path] for path in paths], strict=True))


def test_branches_and_statistics() -> None:
    tree = {"0;0": ["a", "b"], "0;1": ["c"]}
    assert result("Tree Branch", tree, "{0;1}") == {"{0;1}": ["c"]}
    assert result("Tree Branch", tree, "{9}") == {"{9}": []}
    assert results("Tree Statistics", tree, outputs="P L C") == [
        {"{0;0}": ["{0;0}", "{0;1}"]},
        {"{0;0}": [2, 1]},
        {"{0;0}": [2]},
    ]


def test_texts() -> None:
    assert result("Concatenate", ["a", "b"], "c") == {"{0}": ["ac", "bc"]}
    assert result("Text Join", ABC, ", ") == {"{0}": ["a, b, c"]}


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("Series", (0, 1, -1), "must not be negative"),
        ("Series", (0, 1, 10**9), "more than 1000000 values are not supported"),
        ("Range", ("0 To 1", 0), "at least one"),
        ("Duplicate Data", (ABC, 10**9, True), "not supported"),
        ("Cull Pattern", (ABC, {"0": []}), "failed to collect data"),
        ("Cull Nth", (ABC, 1), "at least two"),
        ("Sort List", ([1, 2], [3]), "same length"),
        ("Sub List", (ABC, Interval(0, 1e12), False), "not supported"),
        ("Tree Branch", (ABC, "x"), "Data conversion failed from str to Path"),
    ],
)
def test_impossible_list_is_a_message_of_its_component(
    name: str, given: tuple, message: str
) -> None:
    solved = solve(name, *given)
    (said,) = [*solved.errors, *solved.warnings]
    assert message in said
    assert f': component "{name}" (' in said
