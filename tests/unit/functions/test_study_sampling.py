"""Samples: where the points of a study lie."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.model import JsonObject
from functions.domain.study_path import ValuePath
from functions.domain.study_sampling import latin_hypercube, random_sample, uniform
from functions.domain.study_space import Parameter, Space, Span

seeds = st.integers(0, 2**53 - 1)


@given(seed=seeds, count=st.integers(1, 200), dimensions=st.integers(1, 6))
def test_a_latin_hypercube_has_one_point_in_each_stratum_of_each_dimension(
    seed: int, count: int, dimensions: int
) -> None:
    points = latin_hypercube(seed, count, dimensions)
    assert len(points) == count
    for column in zip(*points, strict=True):
        assert sorted(int(value * count) for value in column) == list(range(count))


@given(seed=seeds, count=st.integers(1, 50), dimensions=st.integers(1, 4))
def test_equal_seeds_give_equal_samples_inside_the_unit_cube(
    seed: int, count: int, dimensions: int
) -> None:
    for sample in (latin_hypercube, random_sample):
        points = sample(seed, count, dimensions)
        assert points == sample(seed, count, dimensions)
        assert all(0 <= value < 1 for point in points for value in point)


def test_another_seed_gives_another_sample() -> None:
    assert latin_hypercube(1, 20, 2) != latin_hypercube(2, 20, 2)
    assert random_sample(1, 20, 2) != random_sample(2, 20, 2)


def test_a_sample_is_the_same_for_ever() -> None:
    assert uniform(7, "a", 1) == 0.8302361268775355
    assert [round(v, 6) for (v,) in latin_hypercube(1, 4, 1)] == [
        0.801539,
        0.373599,
        0.004869,
        0.582775,
    ]


@given(levels=st.lists(st.integers(1, 5), min_size=1, max_size=4))
def test_a_grid_is_every_combination_and_its_last_parameter_varies_fastest(
    levels: list[int],
) -> None:
    parameters = tuple(
        Parameter(ValuePath.parse(f"$.p{number}"), values=tuple(range(count)))
        for number, count in enumerate(levels)
    )
    space = Space("grid", parameters)
    points = space.points()
    assert points == sorted(product(*(range(count) for count in levels)))
    assert space.size == len(points) == len(set(points))


@given(
    low=st.floats(-1e6, 1e6), width=st.floats(0, 1e6), fraction=st.floats(0, 1, exclude_max=True)
)
def test_a_span_never_leaves_its_ends(low: float, width: float, fraction: float) -> None:
    span = Span(low, low + width)
    assert low <= span.at(fraction) <= low + width


def test_levels_and_steps_include_both_ends_without_the_noise_of_binary_fractions() -> None:
    assert Span(0, 1).levels(5) == (0, 0.25, 0.5, 0.75, 1)
    assert Span(3, 9).levels(1) == (3,)
    assert Span(0, 0.5).stepped(0.1) == (0, 0.1, 0.2, 0.3, 0.4, 0.5)
    assert Span(0, 1).stepped(0.4) == (0, 0.4, 0.8)


def test_whole_numbers_are_equally_likely() -> None:
    span = Span(1, 3, is_integer=True)
    assert [span.at(f) for f in (0, 0.33, 0.34, 0.66, 0.67, 0.999, 1)] == [1, 1, 2, 2, 3, 3, 3]


def test_a_log_scale_has_equal_ratios() -> None:
    span = Span(1, 100, is_log=True)
    assert [span.at(f) for f in (0, 0.5, 1)] == [1, 10, 100]


def test_values_of_any_kind_are_sampled_evenly() -> None:
    facades = Parameter(ValuePath.parse("$.facade"), values=("north", "south"))
    space = Space("latin_hypercube", (facades,), count=10, seed=3)
    assert sorted(str(value) for (value,) in space.points()) == ["north"] * 5 + ["south"] * 5


@pytest.mark.parametrize("text", ["value", "$", "$.", "$.a[x]", "$.a[-1]", "$.a[*].b", "$.a b"])
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a path"):
        ValuePath.parse(text)


def test_a_path_reads_and_writes_without_changing_the_original() -> None:
    path = ValuePath.parse("$.ring[1].x")
    inputs: JsonObject = {"ring": [{"x": 0}, {"x": 1, "y": 2}]}
    assert path.read(inputs) == 1
    assert path.written(inputs, 9) == {"ring": [{"x": 0}, {"x": 9, "y": 2}]}
    assert inputs == {"ring": [{"x": 0}, {"x": 1, "y": 2}]}
    assert ValuePath.parse("$.a.b").written({}, 1) == {"a": {"b": 1}}
    for nowhere in ("$.ring[5].x", "$.ring.x", "$.ring[0].x.y"):
        with pytest.raises(KeyError):
            ValuePath.parse(nowhere).written(inputs, 1)
