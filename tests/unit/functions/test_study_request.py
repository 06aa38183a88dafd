"""Bodies of studies: what they mean, and what is said of wrong ones."""

from typing import Any

import pytest
from pydantic import JsonValue

from contracts.errors import ContractViolationError
from functions.domain.study import StopRule, read_stop
from functions.domain.study_outputs import objective_fault
from functions.domain.study_path import ValuePath
from functions.domain.study_request import read_study

VALUE = {"path": "$.value", "values": [1, 2, 3]}


def grid(*parameters: dict[str, Any]) -> dict[str, Any]:
    return {"type": "grid", "parameters": list(parameters)}


def sample(parameter: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "latin_hypercube", "count": 5, "parameters": [parameter], **more}


def faults(body: dict[str, Any]) -> list[str]:
    with pytest.raises(ContractViolationError) as caught:
        read_study(body)
    return [violation.pointer for violation in caught.value.violations]


def test_a_grid_takes_values_counts_and_steps() -> None:
    space = grid(
        VALUE,
        {"path": "$.b", "min": 0, "max": 1, "count": 3},
        {"path": "$.c", "min": 0, "max": 1, "step": 0.5},
    )
    request = read_study({"space": space})
    assert request.space.size == 27
    assert request.space.points()[:4] == [(1, 0, 0), (1, 0, 0.5), (1, 0, 1), (1, 0.5, 0)]


def test_a_list_keeps_its_order_whatever_the_order_of_members() -> None:
    points: list[JsonValue] = [{"$.a": 1, "$.b": "x"}, {"$.b": "y", "$.a": 2}]
    space = read_study({"space": {"type": "list", "points": points}}).space
    assert [parameter.path.text for parameter in space.parameters] == ["$.a", "$.b"]
    assert space.points() == [(1, "x"), (2, "y")]


def test_the_rest_of_the_body_is_read() -> None:
    request = read_study(
        {
            "definition": "sitefit",
            "version": "1.1.0",
            "base": {"value": 1},
            "space": sample({"path": "$.value", "min": 0, "max": 1000, "integer": True}, seed=7),
            "objectives": [{"path": "$.results[0].score", "goal": "max"}],
            "concurrency": 5,
            "stop": {"count": 3, "objective": {"path": "$.results[0].score", "value": 2.5}},
            "labels": {"site": "a"},
        }
    )
    assert (request.version, request.concurrency, request.labels) == ("1.1.0", 5, {"site": "a"})
    assert all(isinstance(value, int) for (value,) in request.space.points())
    paths = [objective.path.text for objective in request.objectives]
    assert read_stop(request.stop, paths) == StopRule(count=3, objective=(0, 2.5))


@pytest.mark.parametrize(
    ("space", "pointers"),
    [
        ({}, ["/space/type"]),
        ({"type": "spiral"}, ["/space/type"]),
        (grid(), ["/space/parameters"]),
        (grid({"path": "value", "values": [1]}), ["/space/parameters/0/path"]),
        (grid({"path": "$.value"}), ["/space/parameters/0"]),
        (grid({**VALUE, "count": 2}), ["/space/parameters/0/count"]),
        (grid({"path": "$.a", "min": 0, "max": 1}), ["/space/parameters/0"]),
        (grid({"path": "$.a", "min": 2, "max": 1, "count": 2}), ["/space/parameters/0/max"]),
        (grid({"path": "$.a", "min": 0, "max": 1, "step": 1e-9}), ["/space/parameters/0/step"]),
        (grid({"path": "$.a", "min": 0, "max": 1, "step": 0}), ["/space/parameters/0/step"]),
        (grid(VALUE, VALUE), ["/space/parameters/1/path"]),
        (grid(VALUE, {"path": "$.value.x", "values": [1]}), ["/space/parameters/1/path"]),
        (grid({**VALUE, "seed": 1}), ["/space/parameters/0/seed"]),
        (sample({"path": "$.a", "min": 0, "max": 1, "scale": "log"}),
         ["/space/parameters/0/scale"]),
        (sample({"path": "$.a", "min": 0.5, "max": 2, "integer": True}),
         ["/space/parameters/0/integer"]),
        (sample({"path": "$.a", "max": 1}), ["/space/parameters/0"]),
        (sample(VALUE, count=0), ["/space/count"]),
        ({"type": "list", "points": [{"$.a": 1}, {"$.b": 1}]}, ["/space/points/1"]),
        ({"type": "list", "points": []}, ["/space/points"]),
    ],
)  # fmt: skip
def test_a_wrong_space_is_told_where_it_is_wrong(
    space: dict[str, Any], pointers: list[str]
) -> None:
    assert faults({"space": space}) == pointers


def test_objectives_and_rules_must_fit() -> None:
    space, score = grid(VALUE), {"path": "$.a", "goal": "max"}
    assert faults({"space": space, "objectives": [score, score]}) == ["/objectives/1/path"]
    assert faults({"space": space, "objectives": [{**score, "goal": "up"}]}) == [
        "/objectives/0/goal"
    ]
    rule = {"objective": {"path": "$.b", "value": 1}}
    wrong = {"space": space, "objectives": [score], "stop": rule}
    assert faults(wrong) == ["/stop/objective/path"]
    assert faults({"space": space, "stop": {}}) == ["/stop"]
    assert faults({"space": space, "status": "completed"}) == ["/status"]


SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "results": {"type": "array", "items": {"$ref": "#/$defs/entry"}},
        "name": {"type": "string"},
        "open": {},
    },
    "$defs": {"entry": {"type": "object", "properties": {"score": {"type": ["number", "null"]}}}},
}


@pytest.mark.parametrize(
    ("path", "is_good"),
    [
        ("$.results[0].score", True),
        ("$.results[0].other", True),
        ("$.open.anything[3]", True),
        ("$.missing", False),
        ("$.name", False),
        ("$.results", False),
        ("$.results.score", False),
        ("$.name[0]", False),
    ],
)
def test_an_objective_must_be_a_number_of_the_outputs(path: str, *, is_good: bool) -> None:
    assert (objective_fault(SCHEMA, ValuePath.parse(path)) is None) is is_good
