"""Secrets are marked wherever they go; a mark that gets lost is a fault."""

from dataclasses import replace

import pytest
from checks.secrets import secret_faults
from offline.config_files import placeholder
from offline.stacks import Estate
from offline.values import Secret, has_secret

from tests.infra.seeding import with_input

INSIGHTS = "InstrumentationKey=00000000-0000-0000-0000-000000000000"


def test_nothing_secret_is_in_clear_in_either_mode(estate: Estate) -> None:
    assert [fault for one in estate.recordings() for fault in secret_faults(one)] == []


def test_a_secret_survives_the_way_from_stack_to_stack(estate: Estate) -> None:
    settings = estate.applied["dev-sitefit"].named("site").inputs["siteConfig"]
    assert has_secret(settings)
    assert isinstance(estate.applied["dev-platform"].outputs["insights_connection_string"], Secret)


@pytest.mark.parametrize(
    ("stack", "name", "path", "value"),
    [
        ("dev-platform", "database-url", "properties", {"value": "postgresql://"}),
        ("dev-platform", "nodes", "virtualMachineProfile.osProfile.adminPassword", "Hunter2!"),
        ("dev-platform", "appserver", "tags.note", placeholder("rhino-token")),
        ("dev-platform", "collector", "configuration.secrets.0.value", INSIGHTS),
        ("dev-sitefit", "site", "tags.note", f"see {INSIGHTS}"),
    ],
)
def test_a_value_without_its_mark_is_found(
    estate: Estate, stack: str, name: str, path: str, value: object
) -> None:
    (fault,) = secret_faults(with_input(estate.applied[stack], name, path, value))
    assert (fault.where, fault.rule) == (f"{stack}/{name}", "secret in clear")
    assert str(value) not in str(fault)


def test_an_output_without_its_mark_is_found(estate: Estate) -> None:
    platform = estate.applied["dev-platform"]
    (fault,) = secret_faults(replace(platform, outputs={"key": placeholder("rhino-token")}))
    assert fault.where == "dev-platform/(outputs of the stack)"
