"""Outputs are compared as a person would: numbers nearly, everything else exactly."""

from pathlib import Path
from typing import Any

import pytest

from delivery.golden import FOLDER, Golden, differences, lasting, read_golden, write_golden
from devstack.examples import find_example


@pytest.mark.parametrize(
    ("wanted", "found", "lines"),
    [
        ({"score": 2.696}, {"score": 2.6960000001}, []),
        ({"score": 2.696}, {"score": 2.697}, ["/score: 2.697 instead of 2.696"]),
        ({"x": 1_000_000.0}, {"x": 1_000_000.5}, []),
        ({"x": 0.0}, {"x": 1e-5}, ["/x: 1e-05 instead of 0.0"]),
        ({"n": 5}, {"n": 5.0}, []),
        ({"ok": True}, {"ok": 1}, ["/ok: 1 instead of True"]),
        ({"a": 1}, {"b": 1}, ["/a: missing", "/b: unexpected"]),
        ({"r": [1, 2]}, {"r": [1]}, ["/r: 1 entries instead of 2"]),
        ({"r": [{"id": "a"}]}, {"r": [{"id": "b"}]}, ["/r/0/id: 'b' instead of 'a'"]),
        ([1], {"0": 1}, ["/: {'0': 1} instead of [1]"]),
    ],
)
def test_differences_are_told_by_place(wanted: Any, found: Any, lines: list[str]) -> None:
    assert list(differences(wanted, found)) == lines


def test_what_belongs_to_one_run_is_not_compared() -> None:
    file = {"kind": "plan", "file_name": "plan.svg", "media_type": "image/svg+xml", "href": "..."}
    outputs: Any = {"result": 42, "artifacts": [file], "metadata": {"generated_at": "now"}}
    kept = lasting(outputs)
    assert kept["result"] == 42
    assert kept["artifacts"] == [{name: file[name] for name in file if name != "href"}]
    assert "metadata" not in kept


def test_what_was_recorded_is_read_back(tmp_path: Path) -> None:
    golden = Golden(app_id="sitefit", version="1.1.0", example="minimal", outputs={"result": 1})
    assert write_golden(golden, tmp_path) == tmp_path / "sitefit.json"
    assert read_golden("sitefit", tmp_path) == golden
    assert read_golden("daylight", tmp_path) is None


def test_golden_files_name_examples_that_exist() -> None:
    files = list(FOLDER.glob("*.json"))
    assert files
    for file in files:
        golden = Golden.model_validate_json(file.read_bytes())
        assert golden.app_id == file.stem
        assert find_example(golden.app_id, golden.example, golden.version).inputs
