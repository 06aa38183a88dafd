"""Failures on demand: at the start or with one request."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.rhino_compute.conftest import (
    client_of,
    definition,
    output_texts,
    posted,
    processes_below,
    request_of,
    running,
    wait_until,
)

SOLVE = request_of(definition("1.1.0"), value="42")
SLOW_S = 0.3


@pytest.fixture(scope="module")
def faulty_url() -> Iterator[str]:
    options = ("--allow-faults", "--slow-start", str(SLOW_S))
    with running(*options) as (url, _), client_of(url) as client:
        client.get("/version").raise_for_status()
        yield url


@pytest.fixture
def faulty(faulty_url: str) -> Iterator[httpx.Client]:
    """The server; a fault of one request is over with it."""
    with client_of(faulty_url) as client:
        yield client
        assert client.post("/grasshopper", json=SOLVE).status_code == 200


def solve_with(client: httpx.Client, fault: str, body: dict[str, Any] = SOLVE) -> httpx.Response:
    return client.post("/grasshopper", json=body, headers={"X-Fault": fault})


def result_of(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return output_texts(answer.json(), "result")


def test_empty_500(faulty: httpx.Client) -> None:
    answer = solve_with(faulty, "empty-500")
    assert (answer.status_code, answer.content) == (500, b"")


def test_definition_500_names_a_component(faulty: httpx.Client) -> None:
    answer = solve_with(faulty, "definition-500")
    assert answer.status_code == 500
    assert ': component "Fault" (' in answer.json()["errors"][0]


def test_html_502(faulty: httpx.Client) -> None:
    answer = solve_with(faulty, "html-502")
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")
    assert answer.text.startswith("<!DOCTYPE html>")


def test_wrong_types(faulty: httpx.Client, sitefit_request: dict[str, Any]) -> None:
    assert result_of(solve_with(faulty, "wrong-types")) == ["wrong"]
    texts = solve_with(faulty, "wrong-types", sitefit_request).json()
    assert output_texts(texts, "transform") == [0.5] * 5


def test_sticky_inputs_of_one_request(faulty: httpx.Client) -> None:
    omitted = request_of(definition("1.1.0"))
    faulty.post("/grasshopper", json=SOLVE)
    assert result_of(solve_with(faulty, "sticky-inputs", omitted)) == [52.0]
    assert result_of(faulty.post("/grasshopper", json=omitted)) == []


def test_reset_breaks_the_connection(faulty: httpx.Client) -> None:
    with pytest.raises(httpx.ReadError):
        solve_with(faulty, "reset")


def test_slow_start_lets_every_request_wait(faulty: httpx.Client, faulty_url: str) -> None:
    started = time.perf_counter()
    with posted(faulty_url, SOLVE, headers={"X-Fault": "slow-start"}) as slow:
        assert result_of(slow.result()) == [52.0]
    assert time.perf_counter() - started >= SLOW_S


def test_unknown_fault_is_refused(faulty: httpx.Client) -> None:
    answer = solve_with(faulty, "flood")
    assert (answer.status_code, "flood" in answer.text) == (400, True)


def test_faults_leave_other_routes_alone(faulty: httpx.Client) -> None:
    algo = {"algo": definition("1.1.0")}
    assert faulty.post("/io", json=algo, headers={"X-Fault": "reset"}).status_code == 200


def test_hang_keeps_the_lock_of_its_child() -> None:
    with running("--allow-faults", RHINO_COMPUTE_TIMEOUT="0.8") as (url, _), client_of(url) as c:
        assert c.get("/version").status_code == 200
        assert solve_with(c, "hang").content == b""
        assert c.post("/grasshopper", json=SOLVE).status_code == 500
        assert c.get("/version").json()
        assert c.post("/io", json={"algo": definition("1.1.0")}).status_code == 200


def test_crash_is_an_empty_500_and_the_next_request_gets_another_child() -> None:
    with running("--allow-faults") as (url, process), client_of(url) as client:
        client.get("/version").raise_for_status()
        first = processes_below(process.pid)
        answer = solve_with(client, "crash")
        assert (answer.status_code, answer.content) == (500, b"")
        wait_until(lambda: not first & processes_below(process.pid))
        assert result_of(client.post("/grasshopper", json=SOLVE)) == [52.0]


def resident_mb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) >> 10


def test_memory_growth(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with running("--fault", "memory-growth", log=log) as (url, _), client_of(url) as client:
        client.get("/version").raise_for_status()
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        child = next(line["child"] for line in lines if line["event"] == "child_started")
        before_mb = resident_mb(child)
        for _ in range(2):
            assert result_of(client.post("/grasshopper", json=SOLVE)) == [52.0]
        assert resident_mb(child) - before_mb > 120


def test_fault_of_the_start_meets_every_solve_but_no_request_may_choose() -> None:
    with running("--fault", "empty-500") as (url, _), client_of(url) as client:
        assert client.get("/version").json()
        assert client.post("/grasshopper", json=SOLVE).content == b""
        assert solve_with(client, "html-502").content == b""


def test_slow_start_of_a_child() -> None:
    options = ("--fault", "slow-start", "--slow-start", str(SLOW_S))
    with running(*options) as (url, _), client_of(url) as client:
        started = time.perf_counter()
        assert client.get("/version").json()
        assert time.perf_counter() - started >= SLOW_S
        assert result_of(client.post("/grasshopper", json=SOLVE)) == [52.0]
