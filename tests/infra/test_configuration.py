"""A wrong configuration stops the preview; the text names the key."""

import re
import shutil
from pathlib import Path

import pytest
from checks.configuration import configuration_faults
from config_values import StackConfigError
from offline.monitor import OfflineError
from offline.program import Programs, full_name
from offline.recording import Recording
from offline.stacks import Estate
from pulumi.config import ConfigMissingError, ConfigTypeError
from stack_config import FOLDER, SECRET_KEYS

PLATFORM_KEYS = (
    *("location", "alert-email", "jwks-url", "jwt-issuer", "address-space"),
    *("appserver-image", "node-image-version", *SECRET_KEYS),
)


def run(estate: Estate, stack: str, overrides: dict[str, str | None]) -> Recording:
    """Run one stack with other values than its file's; the platform ran before."""
    programs = Programs(FOLDER, SECRET_KEYS, {f"kuduso:{key}": v for key, v in overrides.items()})
    known = {full_name("kuduso", name): one.outputs for name, one in estate.applied.items()}
    return programs.run(stack, known, preview=True)


@pytest.mark.parametrize("key", PLATFORM_KEYS)
def test_the_platform_needs_each_of_its_keys(estate: Estate, key: str) -> None:
    with pytest.raises(ConfigMissingError, match=f"kuduso:{key}"):
        run(estate, "dev-platform", {key: None})


@pytest.mark.parametrize("key", ["prefix", "location", "budget-monthly", "budget-start"])
def test_an_app_needs_each_of_its_keys(estate: Estate, key: str) -> None:
    with pytest.raises(ConfigMissingError, match=f"kuduso:{key}"):
        run(estate, "dev-sitefit", {key: None})


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("address-space", "10.20.0.0/24", "a /16 is cut into the subnets"),
        ("address-space", "10.20.0.1/16", "has host bits set"),
        ("log-cap-gb", "0", "log-cap-gb: 0.0 is not above 0"),
        ("log-retention-days", "7", "log-retention-days: 7 is not within 30..730"),
        ("appserver-image", "appserver", "'appserver' is not repository:tag"),
        ("appserver-replicas-min", "11", "appserver-replicas-min exceeds appserver-replicas-max"),
        ("appserver-replicas-max", "0", "appserver-replicas-max: 0 is not within 1..300"),
        ("node-seats", "0", "node-seats: 0 is not within 1..64"),
        ("nodes-min", "3", "nodes-min 3 exceeds nodes-max 2"),
    ],
)
def test_an_impossible_platform_is_refused(estate: Estate, key: str, value: str, told: str) -> None:
    with pytest.raises(StackConfigError, match=told):
        run(estate, "dev-platform", {key: value})


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("max-instances", "39", "max-instances: 39 is not within 40..1000"),
        ("memory-mb", "1024", "memory-mb: 1024 is none of 2048, 4096, 512"),
        ("python-version", "3.9", "python-version: 3.9 is none of 3.11, 3.12"),
        ("always-ready", "-1", "always-ready: -1 is not within"),
        ("budget-monthly", "-5", "budget-monthly: -5.0 is not above 0"),
        ("budget-start", "2026-11-15", "a budget begins on the first of a month"),
        ("budget-start", "November", "'November' is no date"),
        ("settings", '["CORS_ORIGINS"]', "settings: names and values are expected"),
        ("settings", '{"cors-origins": "*"}', "'cors-origins' is no setting's name"),
        ("settings", '{"CORS_ORIGINS": ["*"]}', "CORS_ORIGINS has no plain value"),
    ],
)
def test_an_impossible_app_is_refused(estate: Estate, key: str, value: str, told: str) -> None:
    with pytest.raises(StackConfigError, match=told):
        run(estate, "dev-sitefit", {key: value})


def test_a_text_for_a_number_is_refused(estate: Estate) -> None:
    with pytest.raises(ConfigTypeError, match="kuduso:max-instances"):
        run(estate, "dev-sitefit", {"max-instances": "many"})


def test_an_app_without_its_platform_is_refused(estate: Estate) -> None:
    with pytest.raises(OfflineError, match="organization/kuduso/dev-platform does not exist"):
        estate.programs.run("dev-sitefit", {}, preview=True)


def test_an_app_whose_platform_is_only_begun_is_refused(estate: Estate) -> None:
    """`bootstrap`: images have nowhere to be put yet, so that nothing can run."""
    programs = Programs(FOLDER, SECRET_KEYS, {"kuduso:bootstrap": "true"})
    begun = programs.run("dev-platform", {}, preview=False)
    names = {one.short_type for one in begun.azure_resources()}
    assert {"containerregistry:Registry", "compute:Gallery"} < names
    assert not names & {"app:ContainerApp", "compute:VirtualMachineScaleSet"}
    with pytest.raises(StackConfigError, match=r"has no '(appserver|collector)_url' yet: deploy"):
        estate.programs.run(
            "dev-sitefit", {full_name("kuduso", "dev-platform"): begun.outputs}, preview=False
        )


def test_a_stack_without_a_contract_folder_is_refused(estate: Estate, tmp_path: Path) -> None:
    shutil.copy(FOLDER / "Pulumi.yaml", tmp_path)
    shutil.copy(FOLDER / "__main__.py", tmp_path)
    shutil.copy(FOLDER / "Pulumi.dev-sitefit.yaml", tmp_path / "Pulumi.dev-nobody.yaml")
    with pytest.raises(StackConfigError, match=r"there is no app 'nobody'.*policy\.json"):
        Programs(tmp_path).run("dev-nobody", {}, preview=True)


def test_a_misspelt_key_is_told(estate: Estate, tmp_path: Path) -> None:
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(FOLDER / name, tmp_path)
    text = (FOLDER / "Pulumi.dev-sitefit.yaml").read_text()
    file = tmp_path / "Pulumi.dev-sitefit.yaml"
    file.write_text(text + '  kuduso:max-instance: "100"\n')
    known = {full_name("kuduso", name): one.outputs for name, one in estate.applied.items()}
    (fault,) = configuration_faults(Programs(tmp_path).run("dev-sitefit", known, preview=True))
    assert str(fault) == "Pulumi.dev-sitefit.yaml: unread key: kuduso:max-instance"


def test_every_key_is_documented(estate: Estate) -> None:
    """And nothing is documented that no program reads."""
    page = (FOLDER.parent / "docs/infrastructure.md").read_text()
    section = page.partition("\n## Configuration")[2].partition("\n## ")[0]
    documented = set(re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE))
    read = {key for one in estate.applied.values() for key in one.read_keys}
    assert {key.removeprefix("kuduso:") for key in read} == documented


def test_every_key_of_every_stack_is_read(estate: Estate) -> None:
    assert [fault for one in estate.applied.values() for fault in configuration_faults(one)] == []
