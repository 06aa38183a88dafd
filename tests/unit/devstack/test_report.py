"""Outputs and problems as lines for a person."""

from typing import Any

from devstack.job_client import describe_problem
from devstack.report import artifact_lines, result_lines


def placement(score: float, angle: float) -> dict[str, Any]:
    return {
        "score": score,
        "transform": {
            "rotation": {"axis": "z", "value": angle, "units": "deg"},
            "translation": {"x": 5, "y": 11.25, "z": 0, "units": "m"},
        },
        "metrics": {"yard_area_m2": 520.0, "min_setback_m": 6},
    }


def test_the_best_placement_comes_with_a_table_of_metrics() -> None:
    lines = result_lines({"results": [placement(2.696, 90), placement(2.5, 85)]})
    assert lines[0] == "best of 2: score 2.696"
    assert lines[1] == "  rotation 90 deg, translation x 5, y 11.25, z 0 m"
    assert lines[-3].split() == [
        *("#", "score", "rotation", "x", "y"),
        *("yard_area_m2", "min_setback_m"),
    ]
    assert lines[-1].split() == ["2", "2.5", "85", "5", "11.25", "520", "6"]


def test_national_coordinates_keep_their_digits() -> None:
    result = placement(5.11423, 95)
    result["transform"]["translation"] = {"x": 565019.25, "y": 5934021.5, "z": -0.0, "units": "m"}
    lines = result_lines({"results": [result]})
    assert lines[0] == "best of 1: score 5.114"
    assert "translation x 565019.25, y 5934021.5, z" in lines[1]
    assert lines[-1].split()[3:5] == ["565019.25", "5934021.5"]


def test_outputs_without_placements_are_listed_by_name() -> None:
    outputs = {
        "result": 42,
        "artifacts": [],
        "metadata": {"engine": {"name": "mock", "version": "1"}, "warnings": ["coarse grid"]},
    }
    assert result_lines(outputs) == [
        "result: 42",
        "",
        "solved by mock 1",
        "warning: coarse grid",
    ]


def test_objects_are_opened_and_long_lists_are_told_by_their_first_entry() -> None:
    sensors = [{"vsc_percent": 27.5, "at": [n, 0, 1]} for n in range(40)]
    outputs = {"kpis": {"median": 15.3, "share": {"high": 0.5}}, "refusals": [], "sensors": sensors}
    assert result_lines(outputs) == [
        "kpis.median: 15.3",
        "kpis.share.high: 0.5",
        "refusals: []",
        'sensors: 40 entries, the first {"vsc_percent": 27.5, "at": [0, 0, 1]}',
    ]


def test_artifacts_are_listed_with_their_links() -> None:
    line = artifact_lines([{"file_name": "plan.svg", "size_bytes": 12, "href": "http://x/y?sig"}])[
        0
    ]
    assert line.split() == ["plan.svg", "12", "bytes", "http://x/y?sig"]


def test_a_problem_names_every_field() -> None:
    text = describe_problem(
        {
            "code": "schema_violation",
            "title": "The inputs break the contract's schema",
            "detail": "2 fields are wrong",
            "errors": [
                {"pointer": "/inputs/crs", "message": "is missing"},
                {"pointer": "", "message": "is odd", "hint": "remove it"},
            ],
            "correlation_id": "c-1",
        }
    )
    assert text.splitlines() == [
        "schema_violation: The inputs break the contract's schema",
        "  2 fields are wrong",
        "  /inputs/crs: is missing",
        "  /: is odd (remove it)",
        "  correlation id c-1",
    ]
