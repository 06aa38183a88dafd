"""What a run records, and what is shown of it."""

from dataclasses import replace
from typing import Any, cast
from xml.etree import ElementTree as ET

import pytest
from offline.graph import CycleError, creation_order
from offline.graph_svg import graph_svg
from offline.preview_table import preview_table
from offline.stacks import Estate, stack_names
from offline.values import Properties, Unknown, plain
from stack_config import FOLDER

from tests.infra.seeding import with_resource


def unknowns(value: object) -> int:
    match plain(value):
        case Unknown():
            return 1
        case dict(members):
            return sum(map(unknowns, cast("Properties", members).values()))
        case list(values):
            return sum(map(unknowns, cast("list[object]", values)))
        case _:
            return 0


def test_every_stack_runs_in_both_modes(estate: Estate) -> None:
    assert set(estate.applied) == set(estate.previewed) == set(stack_names(FOLDER))
    for stack, applied in estate.applied.items():
        previewed = estate.previewed[stack]
        assert set(applied.resources) == set(previewed.resources)
        assert sum(unknowns(one.inputs) for one in applied.azure_resources()) == 0
        assert sum(unknowns(one.inputs) for one in previewed.azure_resources()) > 10


def test_platforms_come_before_their_apps(estate: Estate) -> None:
    for stack, recording in estate.applied.items():
        env = stack.partition("-")[0]
        wanted = [] if stack.endswith("-platform") else [f"organization/kuduso/{env}-platform"]
        assert recording.references == wanted


def test_what_an_app_gives_out(estate: Estate) -> None:
    outputs = estate.applied["dev-daylight"].outputs
    assert outputs["url"] == "https://func-kuduso-dev-daylight.azurewebsites.net"
    assert outputs["queue"] == "jobs-daylight"
    assert str(outputs["identity_client_id"]).count("-") == 4


def test_the_table_shows_every_resource(estate: Estate) -> None:
    recording = estate.applied["prod-sitefit"]
    table = preview_table(recording)
    for one in recording.azure_resources():
        (line, *_) = [
            line for line in table.splitlines() if line.split()[:2] == [one.short_type, one.name]
        ]
        assert line.count("[kept]") == one.is_protected
    assert f"Resources: + {len(recording.azure_resources())} to create" in table
    assert "Outputs:\n" in table
    assert "url: https://func-kuduso-prod-sitefit.azurewebsites.net" in table


def test_the_table_shows_no_secret(estate: Estate) -> None:
    table = preview_table(estate.applied["dev-platform"])
    assert "insights_connection_string: [secret]" in table
    assert "InstrumentationKey" not in table
    assert "<computed>" in preview_table(estate.previewed["dev-platform"])


@pytest.mark.parametrize("stack", ["dev-platform", "dev-sitefit"])
def test_the_picture_shows_every_resource(estate: Estate, stack: str) -> None:
    recording = estate.applied[stack]
    picture = ET.fromstring(graph_svg(recording))  # noqa: S314 - our own
    drawn = ["".join(one.itertext()) for one in picture.iter("{http://www.w3.org/2000/svg}text")]
    for one in recording.azure_resources():
        assert f"{one.short_type} {one.name}" in drawn


def test_a_circle_is_refused(estate: Estate) -> None:
    app = estate.applied["dev-sitefit"]
    site = app.named("site").urn
    circle = with_resource(app, "plan", lambda one: replace(one, dependencies=(site,)))
    with pytest.raises(CycleError, match="plan"):
        creation_order(circle)


def test_an_order_of_creation_exists(estate: Estate) -> None:
    for recording in estate.applied.values():
        order: list[Any] = creation_order(recording)
        for urn in order:
            needed = recording.resources[urn].dependencies
            known = [one for one in needed if one in recording.resources]
            assert all(order.index(one) < order.index(urn) for one in known)


@pytest.mark.parametrize(
    ("stack", "name"), [("prod-platform", "platform"), ("prod-sitefit", "app")]
)
def test_the_documents_show_the_programs_as_they_are(estate: Estate, stack: str, name: str) -> None:
    picture = FOLDER.parent / f"docs/infrastructure-{name}.svg"
    assert picture.read_text() == graph_svg(estate.applied[stack])
