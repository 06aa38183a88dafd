"""What holds for the matching of any data."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from devstack.rhino_compute.matching import (
    ITEM,
    LIST,
    Argument,
    Result,
    Slot,
    ValueList,
    solve_matched,
)
from devstack.rhino_compute.value_tree import ValueTree


def tree_of_branches(branches: Any) -> ValueTree:
    return ValueTree(branches)


PATHS = st.lists(st.integers(0, 3), min_size=1, max_size=3).map(tuple)
TREES = st.dictionaries(
    PATHS, st.lists(st.integers(0, 99), min_size=1, max_size=4), min_size=1, max_size=4
).map(tree_of_branches)
LEVEL_TREES = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 3)),
    st.lists(st.integers(0, 99), min_size=1, max_size=4),
    min_size=1,
    max_size=4,
).map(tree_of_branches)
TUPLES = st.lists(TREES, min_size=1, max_size=3)


def texts(arguments: list[Argument]) -> list[Result]:
    return [str(arguments)]


def slots_of(trees: list[ValueTree], access: int) -> list[Slot]:
    return [Slot(tree, access, None, is_optional=False) for tree in trees]


def branch_of(tree: ValueTree, turn: int) -> list:
    return tree.branches[tree.paths[min(turn, len(tree.paths) - 1)]]


@given(TUPLES)
def test_single_values_meet_by_the_longest_list_in_every_branch(trees: list[ValueTree]) -> None:
    (outlet,) = solve_matched(slots_of(trees, ITEM), 1, None, texts)
    rounds = max(len(tree.paths) for tree in trees)
    expected = []
    for turn in range(rounds):
        branches = [branch_of(tree, turn) for tree in trees]
        longest = max(len(branch) for branch in branches)
        expected += [str([b[min(at, len(b) - 1)] for b in branches]) for at in range(longest)]
    assert sorted(map(str, outlet.values)) == sorted(expected)


@given(TUPLES, st.integers(0, 2))
def test_paths_begin_with_those_of_the_principal_input(trees: list[ValueTree], chosen: int) -> None:
    principal = min(chosen, len(trees) - 1)
    (outlet,) = solve_matched(slots_of(trees, ITEM), 1, principal, texts)
    rounds = max(len(tree.paths) for tree in trees)
    paths = trees[principal].paths
    beyond = {
        (*paths[-1][:-1], paths[-1][-1] + extra) for extra in range(1, rounds - len(paths) + 1)
    }
    assert set(outlet.paths) == {*paths, *beyond}


@given(TREES)
def test_lists_keep_their_paths(tree: ValueTree) -> None:
    def echo(arguments: list[Argument]) -> list[Result]:
        assert isinstance(arguments[0], list)
        return [ValueList(arguments[0])]

    assert solve_matched(slots_of([tree], LIST), 1, None, echo) == [tree]


@given(LEVEL_TREES)
def test_list_for_each_single_value_is_a_graft(tree: ValueTree) -> None:
    def listed(arguments: list[Argument]) -> list[Result]:
        assert isinstance(arguments[0], int)
        return [ValueList([arguments[0]])]

    assert solve_matched(slots_of([tree], ITEM), 1, None, listed) == [tree.grafted()]


@given(TREES)
def test_arranging_loses_no_value(tree: ValueTree) -> None:
    for arranged in (tree.flattened(), tree.grafted(), tree.simplified()):
        assert arranged.values == tree.values or sorted(map(str, arranged.values)) == sorted(
            map(str, tree.values)
        )
    assert tree.reversed().reversed() == tree
    assert len(tree.simplified().paths) == len(tree.paths)
