"""Random orchestrations end as plain Python says, whatever is killed while they run."""

import json
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.fixtures.durable_app.programs import Program, evaluate, event_names, make_program

from .conftest import Host, wait_until
from .orchestrations import RUNNING, Orchestrations, make_durable_host

START = 17
PROGRAMS = 60
KILLED_PROGRAMS = 16
KILLS = 5


def _start(hub: Orchestrations, prefix: str, seed: int) -> tuple[str, int]:
    """Start the program of a seed, raise its events; instance id and expected output."""
    program, rounds = make_program(seed), 1 + seed % 3
    instance_id = f"{prefix}{seed}"
    events = event_names(program)
    if events:
        # A second generation would wait for events of the same names.
        rounds = 1
    given = {"program": program, "number": START, "scope": instance_id, "rounds": rounds}
    hub.start("random_program", given, instance_id)
    for name, value in events:
        path = f"/instances/{instance_id}/raiseEvent/{name}"
        assert hub.webhook("POST", path, {"value": value}).status_code == 202
    return instance_id, _expected(program, rounds)


def _expected(program: Program, rounds: int) -> int:
    number = START
    for _ in range(rounds):
        number = evaluate(program, number)
    return number


def _all_over(hub: Orchestrations, prefix: str, count: int) -> dict[str, Any] | None:
    """Outputs by instance id once all are over; failed ones show why."""
    found = hub.webhook("GET", "/instances", instanceIdPrefix=prefix).json()
    own = [one for one in found if ":" not in one["instanceId"]]
    if len(own) < count or any(one["runtimeStatus"] in RUNNING for one in own):
        return None
    return {one["instanceId"]: one["output"] for one in own}


def test_random_programs_end_as_plain_python_says(hub: Orchestrations) -> None:
    expected = dict(_start(hub, "fuzz-", seed) for seed in range(PROGRAMS))

    outputs = wait_until(lambda: _all_over(hub, "fuzz-", PROGRAMS), "every program", 30)

    assert outputs == expected


def _kill(host: Host, after_s: float) -> set[str]:
    """Kill the host at a moment of its work; keys of the activities that it still had to run."""
    time.sleep(after_s)  # the moment is the input of the test: any will do
    host.child.send_signal(signal.SIGKILL)
    host.child.wait()
    with closing(sqlite3.connect(host.folder / "state/task_hub.db")) as database:
        rows = database.execute("SELECT event FROM activity").fetchall()
    arguments = [json.loads(json.loads(json.loads(text)["Input"])[0]) for (text,) in rows]
    return {argument.get("key") for argument in arguments}


@contextmanager
def _life(host: Host, number: int) -> Iterator[Orchestrations]:
    """One life of the host; its activities note the number."""
    host.environment = {**host.environment, "GENERATION": str(number)}
    host.start()
    host.wait_ready()
    with httpx.Client(base_url=host.url, timeout=10) as client:
        yield Orchestrations(host, client)


def test_a_host_that_is_killed_again_and_again_finishes_every_program(tmp_path: Path) -> None:
    host, chance = make_durable_host(tmp_path / "host"), random.Random()  # noqa: S311 - moments
    with _life(host, 0) as hub:
        expected = dict(_start(hub, "kill-", seed) for seed in range(KILLED_PROGRAMS))
        unfinished = [_kill(host, chance.uniform(0, 0.05))]
    for number in range(1, KILLS):
        with _life(host, number):
            unfinished.append(_kill(host, chance.uniform(0, 0.05)))
    with _life(host, KILLS) as hub:
        outputs = wait_until(lambda: _all_over(hub, "kill-", len(expected)), "every end", 30)
        assert host.stop() == 0

    assert outputs == expected
    _assert_only_unfinished_activities_ran_again(host, unfinished)


def _assert_only_unfinished_activities_ran_again(host: Host, unfinished: list[set[str]]) -> None:
    lives: dict[str, list[int]] = {}
    for call in host.seen("mixed"):
        lives.setdefault(call["key"], []).append(int(call["generation"]))
    for key, ran_in in lives.items():
        assert len(set(ran_in)) == len(ran_in), f"{key} ran twice within one life of the host"
        assert all(key in unfinished[life] for life in ran_in[:-1]), f"{key} ran again: {ran_in}"
