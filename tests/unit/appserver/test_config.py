import base64

import pytest

from appserver.config import Settings, SettingsError
from contracts.registry import DEFAULT_ROOT

KEY = "g" * 32
SIGNING = f"hmac:{base64.b64encode(bytes(32)).decode()}"
NEEDED = {"APPSERVER_GRANT_KEY": KEY, "PROVENANCE_KEY": SIGNING}
NODE = {"COMPUTE_URL": "http://x", "PROVENANCE_KEY": SIGNING}
SCALE_SET = (
    "/subscriptions/1/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/engines"
)


def test_defaults_need_only_the_engines_address_and_two_keys() -> None:
    settings = Settings.read({"COMPUTE_URL": "http://127.0.0.1:6500", **NEEDED})
    assert settings.use_compute
    assert settings.max_body_bytes == 10 * 1024 * 1024
    assert settings.contracts_dir == DEFAULT_ROOT


def test_the_mock_needs_nothing_and_empty_values_count_as_absent() -> None:
    settings = Settings.read({"USE_COMPUTE": "false", "COMPUTE_URL": "", "MAX_BODY_BYTES": ""})
    assert not settings.use_compute
    assert settings.compute_url is None


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "COMPUTE_URL"),
        (NODE, "APPSERVER_GRANT_KEY"),
        (NODE | {"APPSERVER_GRANT_KEY": "short"}, "APPSERVER_GRANT_KEY"),
        (NODE | {"COMPUTE_DNS": "engines"}, "COMPUTE_URL"),
        ({"COMPUTE_SCALE_SET": "engines"}, "COMPUTE_SCALE_SET"),
        ({"COMPUTE_SCALE_SET": SCALE_SET, **NEEDED}, "IDENTITY_ENDPOINT"),
        ({"COMPUTE_URLS": "http://x,six", **NEEDED}, "COMPUTE_URLS"),
        ({"COMPUTE_URL": "http://x", "APPSERVER_GRANT_KEY": KEY}, "PROVENANCE_KEY"),
        (NODE | {"PROVENANCE_KEY": "hmac:c2hvcnQ="}, "PROVENANCE_KEY"),
        (NODE | {"PROVENANCE_KEY": f"ed25519-public:{SIGNING[5:]}"}, "PROVENANCE_KEY"),
        ({"USE_COMPUTE": "false", "ANSWER_MARGIN_S": "10"}, "ANSWER_MARGIN_S"),
        ({"USE_COMPUTE": "false", "CALLBACK_ORIGINS": "http://x/path"}, "CALLBACK_ORIGINS"),
        ({"COMPUTE_URL": "six"}, "COMPUTE_URL"),
        ({"COMPUTE_URL": "ftp://x"}, "COMPUTE_URL"),
        ({"USE_COMPUTE": "perhaps"}, "USE_COMPUTE"),
        ({"USE_COMPUTE": "false", "MAX_BODY_BYTES": "0"}, "MAX_BODY_BYTES"),
        ({"USE_COMPUTE": "false", "CONTRACTS_DIR": "/nowhere/at/all"}, "CONTRACTS_DIR"),
        ({"USE_COMPUTE": "false", "LOG_LEVEL": "loud"}, "LOG_LEVEL"),
        ({"USE_COMPUTE": "false", "ANSWER_MARGIN_S": "soon"}, "ANSWER_MARGIN_S"),
    ],
)
def test_a_wrong_setting_is_named(environment: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        Settings.read(environment)


def test_the_key_is_never_shown() -> None:
    keys = {"COMPUTE_API_KEY": "s3cret", "APPSERVER_GRANT_KEY": "s3cret" * 6}
    environment = NODE | keys
    assert "s3cret" not in repr(Settings.read(environment))
    with pytest.raises(SettingsError) as caught:
        Settings.read(environment | {"MAX_BODY_BYTES": "s3cret"})
    assert "s3cret" not in str(caught.value)
