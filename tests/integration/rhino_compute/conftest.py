"""The real server process on a free port."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import rhino3dm

ROOT = Path(__file__).parents[3]
API_KEY = "a-key"
COMMAND = [sys.executable, "-m", "devstack.rhino_compute"]


@contextmanager
def running(*options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", *options],
        cwd=ROOT,
        env={**os.environ, "RHINO_COMPUTE_KEY": API_KEY},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout
        word, address = process.stdout.readline().split()
        assert word == "ready"
        yield f"http://{address}", process
    finally:
        process.terminate()
        process.communicate(timeout=10)


@contextmanager
def client_of(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, headers={"RhinoComputeKey": API_KEY}, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    with running() as (url, _):
        yield url


@pytest.fixture
def compute(server_url: str) -> Iterator[httpx.Client]:
    with client_of(server_url) as client:
        yield client


def definition(version: str) -> str:
    content = (ROOT / f"contracts/sitefit/{version}/sitefit.ghx").read_bytes()
    return base64.b64encode(content).decode()


def closed_curve(corners: list[tuple[float, float]]) -> str:
    points = rhino3dm.Polyline(0)
    for x, y in [*corners, corners[0]]:
        points.Add(x, y, 0)
    return json.dumps(points.ToPolylineCurve().Encode())


def request_of(algo: str, **texts: str) -> dict[str, Any]:
    values = [
        {"ParamName": name, "InnerTree": {"0": [{"type": "any", "data": text}]}}
        for name, text in texts.items()
    ]
    return {"algo": algo, "pointer": None, "values": values}


def output_texts(answer: dict[str, Any], name: str) -> list[Any]:
    found = next(value for value in answer["values"] if value["ParamName"] == name)
    return [json.loads(v["data"]) for branch in found["InnerTree"].values() for v in branch]


@pytest.fixture
def sitefit_request() -> dict[str, Any]:
    return request_of(
        definition("1.0.0"),
        crs='"EPSG:25832"',
        parcel=closed_curve([(0, 0), (20, 0), (20, 30), (0, 30)]),
        house=closed_curve([(0, 0), (10, 0), (10, 8), (0, 8)]),
        rotation=json.dumps('{"min": 0, "max": 180, "step": 5}'),
        grid_step="0.5",
        seed="1",
    )
