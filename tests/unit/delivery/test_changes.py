"""Changed files become what a pipeline delivers."""

import pytest

from delivery.changes import Changes, changes_of, everything
from delivery.checkout import (
    ROOT,
    contract_apps,
    image_sources,
    packaged_paths,
    stamped_apps,
)

APPS = ["daylight", "sitefit"]


def changes(*paths: str, env: str = "dev") -> Changes:
    return changes_of(paths, env, APPS, ["daylight", "layouts", "sitefit"])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("docs/scale.md", Changes(False, False, ())),
        ("tests/conftest.py", Changes(False, False, ())),
        ("contracts/sitefit/1.0.0/sitefit.ghx", Changes(False, True, ("sitefit",))),
        ("contracts/layouts/policy.json", Changes(False, True, ())),
        ("contracts/validation.py", Changes(False, True, ("daylight", "sitefit"))),
        ("contracts/_template/definition.py", Changes(False, True, ("daylight", "sitefit"))),
        ("functions/bootstrap.py", Changes(False, False, ("daylight", "sitefit"))),
        ("requirements.txt", Changes(False, False, ("daylight", "sitefit"))),
        ("appserver/main.py", Changes(False, True, ())),
        ("migrations/versions/20270101_0001_more.py", Changes(True, False, ())),
        ("pulumi/app_stack.py", Changes(False, True, ("daylight", "sitefit"))),
        ("pulumi/node/start-node.ps1", Changes(False, True, ())),
        ("pulumi/checks/golden.py", Changes(False, False, ())),
        ("pulumi/Pulumi.yaml", Changes(False, True, ("daylight", "sitefit"))),
        ("pulumi/Pulumi.dev-platform.yaml", Changes(False, True, ())),
        ("pulumi/Pulumi.dev-sitefit.yaml", Changes(False, True, ("sitefit",))),
        ("pulumi/Pulumi.prod-sitefit.yaml", Changes(False, False, ())),
    ],
)
def test_a_changed_file_asks_for_what_it_is_part_of(path: str, expected: Changes) -> None:
    assert changes(path) == expected


def test_several_files_ask_for_all_they_are_part_of() -> None:
    found = changes("contracts/sitefit/policy.json", "migrations/env.py", "README.md")
    assert found == Changes(True, True, ("sitefit",))


def test_an_app_whose_stack_was_removed_changes_the_platform_alone() -> None:
    assert changes("pulumi/Pulumi.dev-gone.yaml") == Changes(False, True, ())


def test_the_first_delivery_is_everything() -> None:
    assert everything(["sitefit", "daylight"]) == Changes(True, True, ("daylight", "sitefit"))


def test_every_file_of_a_package_asks_for_its_apps() -> None:
    kept_out = {".dockerignore", ".funcignore", ".gitignore", "requirements-azure-monitor.txt"}
    for path in set(packaged_paths()) - kept_out:
        own = path.split("/")[1] if path.startswith("contracts/") else ""
        everyone = changes_of([path], "dev", contract_apps(), contract_apps()).apps
        assert everyone == ((own,) if own in contract_apps() else tuple(contract_apps())), path


def test_the_image_is_built_anew_by_all_that_it_is_made_of() -> None:
    sources = image_sources()
    assert {"appserver", "contracts"} <= set(sources)
    for source in sources:
        inside = f"{source}/anything.py" if (ROOT / source).is_dir() else source
        assert changes(inside).platform, source


def test_apps_of_an_environment_are_those_with_a_stack_file() -> None:
    assert "sitefit" in stamped_apps("dev")
    assert "platform" not in stamped_apps("dev")
    assert set(stamped_apps("dev")) <= set(contract_apps())
