"""KQL that nobody could run is found before Azure refuses it, or shows an empty chart."""

import json
from dataclasses import replace
from typing import Any

import pytest
from checks.faults import Fault
from checks.queries import KustoError, query_faults
from offline.recording import Recording
from offline.stacks import Estate

from tests.infra.seeding import with_input

QUERY = "criteria.allOf.0.query"
SEEDS = {
    "syntax": ("AppRequests | where | count", "Near"),
    "column": ("AppRequests | where Succes == false", "'Succes' does not refer to any known"),
    "table": ("AppRequest | count", "'AppRequest' does not refer to any known table"),
    "classic": ("requests | where timestamp > ago(1h)", "'requests' does not refer to any known"),
    "function": ("AppRequests | summarize percentil(DurationMs, 95)", "percentil"),
    "type": ("AppRequests | where DurationMs startswith 4", "startswith"),
}


def with_tile(recording: Recording, tile: str, more: str) -> Recording:
    page: Any = json.loads(str(recording.named("workbook").inputs["serializedData"]))
    found = next(one for one in page["items"] if one["name"] == tile)
    found["content"]["query"] += more
    return with_input(recording, "workbook", "serializedData", json.dumps(page))


@pytest.fixture(scope="module")
def faults(estate: Estate) -> list[Fault]:
    """Of all stacks as they are and of all seeds, each named as a stack: one start of Node.js."""
    app = estate.applied["dev-sitefit"]
    seeded = {
        seed: with_input(app, "failed-functions", QUERY, query)
        for seed, (query, _) in SEEDS.items()
    }
    seeded["page"] = with_tile(app, "Errors by code", "| project nothing_of_the_kind")
    named = [replace(one, stack=seed) for seed, one in seeded.items()]
    return query_faults([*estate.applied.values(), *named])


def test_every_query_of_every_stack_parses_and_binds(faults: list[Fault], estate: Estate) -> None:
    assert [one for one in faults if one.where.split("/")[0] in estate.applied] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_fault_is_found(faults: list[Fault], seed: str) -> None:
    (fault, *_) = [one for one in faults if one.where.startswith(f"{seed}/")]
    assert fault.where == f"{seed}/failed-functions"
    assert SEEDS[seed][1] in fault.text


def test_a_workbook_s_query_is_read_out_of_its_page(faults: list[Fault]) -> None:
    (fault,) = [one for one in faults if one.where.startswith("page/")]
    assert fault.where == "page/workbook Errors by code"
    assert "nothing_of_the_kind" in fault.text


def test_without_the_language_service_nothing_passes(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checks.queries._SCRIPT", "/nowhere/kusto.mjs")
    with pytest.raises(KustoError, match="nowhere"):
        query_faults([estate.applied["dev-sitefit"]])
