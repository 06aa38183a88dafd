"""Stacks of an environment share one secrets provider, which the platform's file names."""

from pathlib import Path

import pytest
import yaml

from delivery.errors import CheckoutError
from delivery.stack_file import complete_stack_file

PROVIDER = "azurekeyvault://kv-kuduso-dev-deliver.vault.azure.net/keys/pulumi"
SHARED = f"secretsprovider: {PROVIDER}\nencryptedkey: c2VjcmV0\n"
APP = 'config:\n  kuduso:budget-monthly: "100"\n'


def stacks(root: Path, platform: str, app: str = APP) -> Path:
    (root / "pulumi").mkdir()
    (root / "pulumi/Pulumi.dev-platform.yaml").write_text(platform)
    file = root / "pulumi/Pulumi.dev-my-app.yaml"
    file.write_text(app)
    return file


def test_an_app_gets_the_provider_of_its_platform(tmp_path: Path) -> None:
    file = stacks(tmp_path, SHARED + "config: {}\n")
    assert complete_stack_file("dev-my-app", tmp_path) == PROVIDER
    found = yaml.safe_load(file.read_text())
    assert found == {
        "secretsprovider": PROVIDER,
        "encryptedkey": "c2VjcmV0",
        "config": {"kuduso:budget-monthly": "100"},
    }
    once = file.read_text()
    assert complete_stack_file("dev-my-app", tmp_path) == PROVIDER
    assert file.read_text() == once


def test_a_provider_of_its_own_is_kept(tmp_path: Path) -> None:
    own = "secretsprovider: awskms://alias/own\nencryptedkey: b3du\n" + APP
    file = stacks(tmp_path, SHARED, own)
    assert complete_stack_file("dev-my-app", tmp_path) == "awskms://alias/own"
    assert file.read_text() == own


def test_a_platform_that_was_never_initialised_is_told(tmp_path: Path) -> None:
    file = stacks(tmp_path, "config: {}\n")
    with pytest.raises(CheckoutError, match=r"docs/deploy\.md, step 3"):
        complete_stack_file("dev-my-app", tmp_path)
    assert file.read_text() == APP


def test_a_stack_without_a_file_is_told(tmp_path: Path) -> None:
    stacks(tmp_path, SHARED)
    with pytest.raises(CheckoutError, match="there is no stack dev-gone"):
        complete_stack_file("dev-gone", tmp_path)
