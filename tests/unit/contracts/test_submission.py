"""Bodies of submissions and batches."""

from typing import Any

import pytest

from contracts.errors import ContractViolationError
from contracts.wire.submission import read_batch, read_submission


def test_labels_are_read() -> None:
    body: Any = {"inputs": {}, "labels": {"site": "a", "run.no_1-x": ""}}
    assert read_submission(body, "sitefit").labels == {"site": "a", "run.no_1-x": ""}
    assert read_submission({"inputs": {}}, "sitefit").labels == {}


@pytest.mark.parametrize(
    ("labels", "pointer"),
    [
        ([], "/labels"),
        ({"Site": "a"}, "/labels"),
        ({"": "a"}, "/labels"),
        ({"site": 1}, "/labels/site"),
        ({"site": "x" * 129}, "/labels/site"),
        ({f"l{number}": "x" for number in range(17)}, "/labels"),
    ],
)
def test_bad_labels_are_addressed(labels: Any, pointer: str) -> None:
    with pytest.raises(ContractViolationError) as refusal:
        read_submission({"inputs": {}, "labels": labels}, "sitefit")
    assert [violation.pointer for violation in refusal.value.violations] == [pointer]


def test_jobs_of_a_batch_are_left_unread() -> None:
    batch = read_batch({"jobs": [{"inputs": {}}, 5], "atomic": True})
    assert batch.submissions == ({"inputs": {}}, 5)
    assert batch.is_atomic
    assert not read_batch({"jobs": [{}]}).is_atomic


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ([], ""),
        ({}, "/jobs"),
        ({"jobs": []}, "/jobs"),
        ({"jobs": [{}] * 101}, "/jobs"),
        ({"jobs": {}}, "/jobs"),
        ({"jobs": [{}], "atomic": "yes"}, "/atomic"),
        ({"jobs": [{}], "tenant_id": "x"}, "/tenant_id"),
    ],
)
def test_a_bad_batch_is_addressed(body: Any, pointer: str) -> None:
    with pytest.raises(ContractViolationError) as refusal:
        read_batch(body)
    assert [violation.pointer for violation in refusal.value.violations] == [pointer]
