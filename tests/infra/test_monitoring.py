"""Alerts and workbooks ask for what the deployables really tell, and lead to pages that exist."""

import json
import re
from pathlib import Path
from typing import Any, cast

import pytest
from monitoring import queries
from offline.stacks import Estate
from offline.values import plain
from stack_config import PLATFORM

ROOT = Path(__file__).parent.parent.parent
ALERTS = ("monitor:MetricAlert", "monitor:ScheduledQueryRule")
QUERIES = {
    name: text
    for name, text in vars(queries).items()
    if name.isupper() and name[0] != "_" and "line.event" in text
}
TELEMETRY = (ROOT / "docs/telemetry.md").read_text()


def fields_of(event: str) -> set[str]:
    """What the line of an event always has."""
    found = re.search(rf"^\| `{event}` \|[^|]*\|([^|]*)\|$", TELEMETRY, re.MULTILINE)
    assert found, f"docs/telemetry.md has no event {event}"
    return set(re.findall(r"`(\w+)`", found[1]))


def properties(estate: Estate, stack: str, name: str) -> dict[str, Any]:
    return cast("dict[str, Any]", plain(estate.applied[stack].named(name).inputs))


@pytest.mark.parametrize("name", QUERIES)
def test_events_and_their_fields_exist(name: str) -> None:
    text = QUERIES[name]
    events = re.findall(r'"([a-z]+(?:_[a-z]+)+)"', text)
    asked = set(re.findall(r"line\.(\w+)", text)) - {"event"}
    assert events
    assert all(asked <= fields_of(event) for event in events), (events, asked)


def test_metrics_exist() -> None:
    for metric in re.findall(r'Name == "(kuduso[^"]+)"', queries.SEATS_IN_USE):
        (row,) = re.findall(rf"^\| `{metric}` .*$", TELEMETRY, re.MULTILINE)
        dimensions = re.findall(r"Properties\.(\w+)", queries.SEATS_IN_USE)
        assert all(one in row for one in dimensions)


def test_every_alert_leads_to_a_page(estate: Estate) -> None:
    for recording in estate.applied.values():
        for one in recording.azure_resources():
            if one.short_type in ALERTS:
                page = str(one.inputs["description"]).rpartition("/")[2]
                assert (ROOT / "docs/runbooks" / page).is_file(), one.name


def test_an_app_has_every_alert_and_tile(estate: Estate) -> None:
    for stack in [one for one in estate.applied if not one.endswith(PLATFORM)]:
        found = {
            one.name for one in estate.applied[stack].azure_resources() if one.short_type in ALERTS
        }
        assert found == {
            *("queue-long", "dead-letters", "no-consumer"),
            *("failed-functions", "slow-jobs", "busy-answers"),
        }
        page = json.loads(properties(estate, stack, "workbook")["serializedData"])
        app_id = stack.partition("-")[2]
        assert page["items"][0]["content"]["parameters"][1]["value"] == app_id
        assert [tile["name"] for tile in page["items"][1:]] == [
            *("Latency of jobs, s", "Jobs", "Queue and dead letters", "Attempts that jobs needed"),
            *("Errors by code", "Seats in use", "Functions", "Cost of this month"),
        ]


def test_an_app_s_alerts_watch_its_own_queue_and_site(estate: Estate) -> None:
    for name in ("queue-long", "dead-letters", "no-consumer"):
        for one in properties(estate, "dev-daylight", name)["criteria"]["allOf"]:
            assert one["dimensions"][0]["values"] == ["jobs-daylight"]
    query = properties(estate, "dev-daylight", "failed-functions")["criteria"]["allOf"][0]["query"]
    assert 'AppRoleName == "func-kuduso-dev-daylight"' in query


def test_a_budget_tells_before_it_is_spent(estate: Estate) -> None:
    told = properties(estate, "dev-daylight", "budget")["notifications"]
    found = {(one["thresholdType"], one["threshold"]) for one in told.values()}
    assert found == {("Actual", 80), ("Forecasted", 100)}
    assert all("/actionGroups/" in one["contactGroups"][0] for one in told.values())
