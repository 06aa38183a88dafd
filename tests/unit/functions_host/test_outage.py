"""What lanes tell each other about a bus that is away."""

import logging

import pytest

from devstack.functions_host.outage import Outage


def test_an_outage_is_logged_once_and_its_end_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "functions_host")
    outage = Outage("run", "jobs", lambda: None)

    for _ in range(3):
        outage.began(OSError("refused"))
    for _ in range(2):
        outage.ended()

    assert caplog.messages == ["service_bus_lost", "service_bus_regained"]


def test_one_broken_connection_makes_the_others_stale_but_a_stale_one_makes_none() -> None:
    outage = Outage("run", "jobs", lambda: None)

    outage.broke(0)
    outage.broke(0)

    assert outage.generation == 1


def test_the_first_connection_of_a_generation_calls_for_the_others() -> None:
    calls: list[str] = []
    outage = Outage("run", "jobs", lambda: calls.append("refresh"))

    outage.ended()
    assert calls == []

    outage.broke(0)
    outage.ended()
    outage.ended()
    assert calls == ["refresh"]
