"""Settings: every one is documented, and a wrong one is named."""

from pathlib import Path

import pytest

from functions.blueprints.hub_timers import HUB_TIMERS, HubTimer
from functions.blueprints.timers import TIMERS, Timer
from functions.config import Settings, SettingsError, read_schedule

GIVEN = {
    "APP_IDS": "sitefit, daylight",
    "DATABASE_URL": "postgresql://x",
    "APPSERVER_URL": "http://x",
    "JWKS_URL": "http://x/jwks",
    "JWT_ISSUER": "http://x",
}
DOCUMENT = Path(__file__).parents[3] / "docs/settings.md"


def test_settings_are_read_with_their_defaults() -> None:
    settings = Settings.read(GIVEN)
    assert settings.app_ids == ("sitefit", "daylight")
    assert settings.artifacts_container == "artifacts"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"APP_IDS": ""}, "APP_IDS"),
        ({"APP_IDS": "Site Fit"}, "APP_IDS"),
        ({"LEASE_S": "soon"}, "LEASE_S"),
        ({"MAX_BODY_BYTES": "0"}, "MAX_BODY_BYTES"),
    ],
)
def test_a_wrong_setting_is_named(change: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        Settings.read(GIVEN | change)


def test_every_missing_setting_is_named_and_no_value_is_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read({"LEASE_S": "hunter2"})
    for name in (*GIVEN, "LEASE_S"):
        assert name in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_each_setting_is_documented() -> None:
    text = DOCUMENT.read_text()
    for name, field in Settings.model_fields.items():
        assert f"`{(field.alias or name).upper()}`" in text.upper(), name


@pytest.mark.parametrize("timer", [*TIMERS, *HUB_TIMERS], ids=lambda timer: timer.use_case.__name__)
def test_each_schedule_is_documented_and_can_be_moved(
    timer: Timer | HubTimer, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = timer.use_case.__name__
    assert f"| `SCHEDULE_{name.upper()}` | `{timer.schedule}` |" in DOCUMENT.read_text()
    assert read_schedule(name, timer.schedule) == timer.schedule
    monkeypatch.setenv(f"SCHEDULE_{name.upper()}", "0 0 3 * * MON-FRI")
    assert read_schedule(name, timer.schedule) == "0 0 3 * * MON-FRI"
    monkeypatch.setenv(f"SCHEDULE_{name.upper()}", "*/5 * * * *")
    with pytest.raises(SettingsError, match=name.upper()):
        read_schedule(name, timer.schedule)
