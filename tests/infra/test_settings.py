"""What the deployables are told: names of docs/settings.md, and all of them that are needed."""

import re
from pathlib import Path
from typing import Any, cast

import pytest
from offline.stacks import Estate
from offline.values import plain
from stack_config import PLATFORM

ROOT = Path(__file__).parent.parent.parent
# Read by the Functions host or by azure-identity, not by us.
OF_THE_HOST = {
    "AZURE_CLIENT_ID",
    "APPLICATIONINSIGHTS_CONNECTION_STRING",
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    "AzureFunctionsJobHost__extensions__serviceBus__maxConcurrentCalls",
    "AzureWebJobsStorage__accountName",
    "AzureWebJobsStorage__clientId",
    "AzureWebJobsStorage__credential",
    "SERVICEBUS_CONNECTION__CLIENTID",
    "SERVICEBUS_CONNECTION__CREDENTIAL",
}
# Needed in Azure, though the local stack does without.
NEEDED = {"PUBLIC_URL", "APPSERVER_GRANT_KEY", "ARTIFACTS_ACCOUNT_URL"}
TELEMETRY = {"OTEL_EXPORTER_OTLP_ENDPOINT", "AZURE_MONITOR_CONNECTION_STRING"}


def documented(heading: str) -> dict[str, str]:
    """Settings of one deployable by name, with the default column."""
    page = (ROOT / "docs/settings.md").read_text()
    section = page.split(f"\n## {heading}")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `(\w+)` \|\s*([^|]*?)\s*\|", section, re.MULTILINE))


def of_function_app(estate: Estate, stack: str) -> dict[str, Any]:
    site = cast("dict[str, Any]", plain(estate.applied[stack].named("site").inputs))
    pairs = {one["name"]: one["value"] for one in site["siteConfig"]["appSettings"]}
    return {name.upper() if name.startswith("SERVICEBUS") else name: pairs[name] for name in pairs}


def of_appserver(estate: Estate, stack: str) -> dict[str, Any]:
    inputs = cast("dict[str, Any]", plain(estate.applied[stack].named("appserver").inputs))
    (container,) = inputs["template"]["containers"]
    return {one["name"]: one.get("value", one.get("secretRef")) for one in container["env"]}


def apps(estate: Estate) -> list[str]:
    return [stack for stack in estate.applied if not stack.endswith(PLATFORM)]


def platforms(estate: Estate) -> list[str]:
    return [stack for stack in estate.applied if stack.endswith(PLATFORM)]


def test_the_function_app_is_told_what_it_needs_and_nothing_unknown(estate: Estate) -> None:
    known = documented("Function app")
    required = {name for name, default in known.items() if default == "required"}
    for stack in apps(estate):
        told = of_function_app(estate, stack)
        assert set(told) - OF_THE_HOST <= set(known)
        assert required | NEEDED <= set(told)
        assert TELEMETRY & set(told)
        assert all(told.values())


def test_the_appserver_is_told_what_it_needs_and_nothing_unknown(estate: Estate) -> None:
    known = documented("AppServer")
    required = {name for name, default in known.items() if default.startswith("required")}
    for stack in platforms(estate):
        told = of_appserver(estate, stack)
        assert set(told) <= set(known)
        assert required - {"COMPUTE_URL"} <= set(told)
        assert {"COMPUTE_SCALE_SET", "CALLBACK_ORIGINS"} <= set(told)
        assert TELEMETRY & set(told)
        assert all(told.values())


def test_both_sides_name_the_same_things(estate: Estate) -> None:
    appserver = of_appserver(estate, "dev-platform")
    for stack in [one for one in apps(estate) if one.startswith("dev-")]:
        told = of_function_app(estate, stack)
        assert told["PUBLIC_URL"] in appserver["CALLBACK_ORIGINS"].split(",")
        assert told["PUBLIC_URL"] == estate.applied[stack].outputs["url"]
        assert told["APPSERVER_URL"] == estate.applied["dev-platform"].outputs["appserver_url"]
        assert "APPSERVER-GRANT-KEY" in told["APPSERVER_GRANT_KEY"]
    assert appserver["APPSERVER_GRANT_KEY"] == "appserver-grant-key"


def test_secrets_are_references(estate: Estate) -> None:
    told = of_function_app(estate, "dev-sitefit")
    for name in ("DATABASE_URL", "APPSERVER_GRANT_KEY"):
        assert re.fullmatch(r"@Microsoft\.KeyVault\(SecretUri=https://[^)]+\)", told[name])


def test_as_many_doorbells_at_once_as_seats(estate: Estate) -> None:
    name = "AzureFunctionsJobHost__extensions__serviceBus__maxConcurrentCalls"
    assert of_function_app(estate, "dev-sitefit")[name] == "4"


def test_a_stack_s_own_settings_come_last(estate: Estate) -> None:
    told = of_function_app(estate, "prod-sitefit")
    assert told["CORS_ORIGINS"] == "https://sitefit.example.com"


def test_the_ports_are_those_of_the_image() -> None:
    from components import ports

    assert f"EXPOSE {ports.APPSERVER}\n" in (ROOT / "appserver/Dockerfile").read_text()


@pytest.mark.parametrize("setting", ["SCHEDULE_RELAY_OUTBOX", "CORS_ORIGINS", "LEASE_S"])
def test_what_a_stack_may_set_is_documented(setting: str) -> None:
    assert setting in documented("Function app")
