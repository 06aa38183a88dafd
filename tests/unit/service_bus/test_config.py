"""The queues file is checked before anything listens."""

import json
from pathlib import Path

import pytest

from devstack.service_bus.config import AccessKey, connection_string, parse_queues, read_queues
from devstack.service_bus.errors import StartError


def test_every_setting_is_read() -> None:
    settings = {
        "lock_s": 300,
        "max_delivery_count": 5,
        "duplicate_window_s": 600,
        "default_ttl_s": None,
        "dead_letter_on_expiry": True,
    }
    queue = parse_queues(json.dumps({"queues": {"jobs-sitefit": settings}}))["jobs-sitefit"]
    assert (queue.lock_s, queue.max_delivery_count, queue.duplicate_window_s) == (300, 5, 600)
    assert (queue.default_ttl_s, queue.dead_letter_on_expiry) == (None, True)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('{"queues": {"jobs": {"lock_s": 0}}}', "queues.jobs.lock_s"),
        ('{"queues": {"jobs": {"lock": 30}}}', "queues.jobs.lock"),
        ('{"queues": {"jobs": {"max_delivery_count": "5"}}}', "queues.jobs.max_delivery_count"),
        ('{"queues": {}}', "queues"),
        ("{}", "queues"),
        ("not json", "the file"),
    ],
)
def test_a_wrong_file_names_the_key(text: str, named: str) -> None:
    with pytest.raises(StartError, match=named):
        parse_queues(text)


def test_a_missing_file_is_a_start_error(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"none\.json"):
        read_queues(tmp_path / "none.json")


def test_the_connection_string_asks_for_plain_tcp() -> None:
    assert connection_string(5673, AccessKey("name", "secret")) == (
        "Endpoint=sb://127.0.0.1:5673;SharedAccessKeyName=name;SharedAccessKey=secret;"
        "UseDevelopmentEmulator=true"
    )
