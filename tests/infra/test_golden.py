"""A changed list of resources fails until somebody confirms it."""

from dataclasses import replace
from pathlib import Path

import pytest
from checks.golden import FOLDER, confirm, golden_faults, listed
from offline.recording import Recording
from offline.stacks import Estate

from tests.infra.seeding import with_copy, with_resource, without


@pytest.fixture
def app(estate: Estate) -> Recording:
    return estate.applied["dev-sitefit"]


def test_every_stack_is_as_confirmed(estate: Estate) -> None:
    assert [fault for one in estate.applied.values() for fault in golden_faults(one)] == []


def test_every_list_belongs_to_a_stack(estate: Estate) -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == set(estate.applied)


def test_a_further_resource_is_told(app: Recording) -> None:
    (fault,) = golden_faults(with_copy(app, "packages", "more"))
    assert (fault.rule, fault.text[0]) == ("unconfirmed change", "+")
    assert "::more" in fault.text


def test_a_missing_resource_is_told(app: Recording) -> None:
    (fault,) = golden_faults(without(app, "budget"))
    assert fault.text.startswith("-consumption:Budget")


def test_lost_protection_is_told(estate: Estate) -> None:
    prod = estate.applied["prod-platform"]
    faults = golden_faults(with_resource(prod, "bus", lambda one: replace(one, is_protected=False)))
    assert [fault.text[0] for fault in faults] == ["-", "+"]
    assert " protected |" in faults[0].text


def test_a_stack_without_a_list_is_told_line_by_line(app: Recording, tmp_path: Path) -> None:
    assert len(golden_faults(app, tmp_path)) == len(app.azure_resources())


def test_confirming_settles_it(app: Recording, tmp_path: Path) -> None:
    confirm(app, tmp_path)
    assert golden_faults(app, tmp_path) == []
    assert (tmp_path / "dev-sitefit.txt").read_text().splitlines() == listed(app)


def test_a_resource_under_another_parent_needs_an_alias(app: Recording) -> None:
    before = app.named("jobs")
    moved = replace(before, urn=before.urn.replace("kuduso:app:Queue", "kuduso:app:Doorbells"))
    resources = {moved.urn if urn == before.urn else urn: one for urn, one in app.resources.items()}
    resources[moved.urn] = moved
    faults = golden_faults(replace(app, resources=resources))
    assert [fault.rule for fault in faults if fault.where.endswith("/jobs")] == [
        "moved without an alias"
    ]
    resources[moved.urn] = replace(moved, aliases=(before.urn,))
    faults = golden_faults(replace(app, resources=resources))
    assert {fault.rule for fault in faults} == {"unconfirmed change"}
