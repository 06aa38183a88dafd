"""Timers: each one can be started by hand and says in one event what it did."""

import json
from typing import Any

import pytest

from functions.blueprints.hub_timers import HUB_TIMERS
from functions.blueprints.timers import TIMERS
from tests.e2e.conftest import Platform, wait_until

NAMES = [timer.use_case.__name__ for timer in (*TIMERS, *HUB_TIMERS)]


def ticks(platform: Platform, name: str) -> list[dict[str, Any]]:
    """What the timer has said, oldest first."""
    lines = (platform.stack.settings.root / "logs/functions.log").read_text().splitlines()
    events = [json.loads(line) for line in lines if '"timer_finished"' in line]
    return [event for event in events if event["timer"] == name]


@pytest.mark.parametrize("name", NAMES)
def test_a_tick_is_one_event_with_a_count(platform: Platform, name: str) -> None:
    before = len(ticks(platform, name))
    platform.run_function(name)
    wait_until(lambda: len(ticks(platform, name)) > before, f"the end of {name}")
    tick = ticks(platform, name)[-1]
    assert tick["code"] == "ok", tick
    assert tick["count"] >= 0
    assert tick["duration_ms"] >= 0
