"""McNeel's own Python client, unchanged, against this server."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from compute_rhino3d import Grasshopper, Util

from tests.integration.rhino_compute.conftest import (
    API_KEY,
    ROOT,
    closed_curve,
    output_texts,
    scripted,
)

ADD_TEN = ROOT / "contracts/sitefit/1.1.0/sitefit.ghx"
SITEFIT = ROOT / "contracts/sitefit/1.0.0/sitefit.ghx"


@pytest.fixture(autouse=True)
def _client(server_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Util, "url", f"{server_url}/")
    monkeypatch.setattr(Util, "apiKey", API_KEY)


def tree(name: str, *values: Any, path: tuple[int, ...] = (0,)) -> Grasshopper.DataTree:
    made = Grasshopper.DataTree(name)
    made.Append(path, values)
    return made


def test_number_is_sent_bare_and_comes_back() -> None:
    solved = Grasshopper.EvaluateDefinition(str(ADD_TEN), [tree("value", 42)])
    assert output_texts(solved, "result") == [52.0]


def test_path_of_two_levels_is_understood() -> None:
    solved = Grasshopper.EvaluateDefinition(str(ADD_TEN), [tree("value", 42, path=(0, 1))])
    assert output_texts(solved, "result") == [52.0]


def test_sitefit_with_curves() -> None:
    parcel = closed_curve([(0, 0), (20, 0), (20, 30), (0, 30)])
    house = closed_curve([(0, 0), (10, 0), (10, 8), (0, 8)])
    trees = [
        tree("crs", json.dumps("EPSG:25832")),
        tree("parcel", parcel),
        tree("house", house),
        tree("grid_step", 0.5),
        tree("seed", 1),
    ]
    solved = Grasshopper.EvaluateDefinition(str(SITEFIT), trees)
    assert json.loads(output_texts(solved, "score")[0]) == 2.696


@pytest.fixture
def definition_file(tmp_path: Path) -> Callable[[str], str]:
    def write(source: str) -> str:
        file = tmp_path / "scripted.gh"
        file.write_bytes(base64.b64decode(scripted(source)))
        return str(file)

    return write


def test_runtime_error_is_an_answer_with_errors(definition_file: Callable[[str], str]) -> None:
    solved = Grasshopper.EvaluateDefinition(definition_file("a = 1 / 0"), [])
    assert solved["errors"][0].startswith("ZeroDivisionError")


def test_definition_may_be_a_binary_file(definition_file: Callable[[str], str]) -> None:
    solved = Grasshopper.EvaluateDefinition(definition_file("a = 7"), [])
    assert output_texts(solved, "a") == [7]


def test_malformed_request_is_what_the_client_cannot_decode() -> None:
    with pytest.raises(requests.exceptions.JSONDecodeError):
        Grasshopper.EvaluateDefinition("no definition", [])


def test_wrong_key_is_what_the_client_cannot_decode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Util, "apiKey", "another")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        Grasshopper.EvaluateDefinition(str(ADD_TEN), [tree("value", 42)])
