"""Field-addressed violations, defaults and the digest."""

from typing import Any
from uuid import UUID

import pytest

from contracts.digest import inputs_hash
from contracts.errors import ContractViolationError
from contracts.model import ContractRef
from contracts.registry import Registry
from contracts.validation import SchemaChecker

REF = ContractRef("sitefit", "1.0.0")
TENANT = UUID(int=1)


def minimal() -> dict[str, Any]:
    return {
        "crs": "EPSG:25832",
        "parcel": {"coordinates": [[0, 0], [20, 0], [20, 30], [0, 30], [0, 0]]},
        "house": {"coordinates": [[0, 0], [10, 0], [10, 8], [0, 8], [0, 0]]},
    }


def refuse(**changes: Any) -> ContractViolationError:
    registry = Registry.load()
    served = registry.resolve("sitefit", None, None)
    with pytest.raises(ContractViolationError) as caught:
        registry.accept_inputs("sitefit", served, minimal() | changes)
    return caught.value


def test_defaults_are_materialised_at_every_depth() -> None:
    registry = Registry.load()
    served = registry.resolve("sitefit", None, None)
    inputs = minimal()
    inputs["rotation"] = {"max": 90}
    completed = registry.accept_inputs("sitefit", served, inputs)
    assert completed["rotation"] == {"min": 0, "max": 90, "step": 5}
    assert (completed["grid_step"], completed["seed"]) == (0.5, 1)


def test_every_wrong_field_is_addressed_at_once() -> None:
    error = refuse(crs="WGS84", grid_step="0.5", colour=1)
    assert error.kind == "schema_violation"
    assert [(v.pointer, v.code) for v in error.violations] == [
        ("/colour", "additionalProperties"),
        ("/crs", "pattern"),
        ("/grid_step", "type"),
    ]


def test_domain_rules_are_reported_only_when_the_schema_holds() -> None:
    open_ring = {"coordinates": [[0, 0], [20, 0], [20, 30], [0, 30]]}
    assert refuse(parcel=open_ring).kind == "domain_violation"
    assert refuse(parcel=open_ring, crs=1).kind == "schema_violation"


@pytest.mark.parametrize(
    "ring",
    [
        [[0, 0], [10, 8], [10, 0], [0, 8], [0, 0]],
        [[0, 0], [10, 0], [5, 0], [0, 0]],
        [[0, 0], [10, 0], [10, 10], [5, 0], [0, 10], [0, 0]],
    ],
    ids=["bow-tie", "flat", "touches itself"],
)
def test_rings_that_are_not_simple_are_refused(ring: list[list[float]]) -> None:
    error = refuse(house={"coordinates": ring})
    assert [(v.pointer, v.code) for v in error.violations] == [
        ("/house/coordinates", "simple_ring")
    ]


def test_messages_never_quote_the_value() -> None:
    error = refuse(crs="secret-value")
    assert "secret-value" not in str(error)


def test_draft_07_is_read_and_older_drafts_are_not() -> None:
    schema = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}
    SchemaChecker({**schema}).check({})
    with pytest.raises(Exception, match="2020-12 or draft-07"):
        SchemaChecker({"$schema": "http://json-schema.org/draft-04/schema#", "type": "object"})


def test_digest_ignores_member_order_and_number_spelling() -> None:
    one = inputs_hash(TENANT, "sitefit", REF, {"a": 1.0, "b": [True, "é"]})
    assert one == inputs_hash(TENANT, "sitefit", REF, {"b": [True, "é"], "a": 1})
    assert len(one) == 64


@pytest.mark.parametrize(
    ("tenant", "app_id", "ref", "inputs"),
    [
        (UUID(int=2), "sitefit", REF, {"a": 1}),
        (TENANT, "other", REF, {"a": 1}),
        (TENANT, "sitefit", ContractRef("sitefit", "1.0.1"), {"a": 1}),
        (TENANT, "sitefit", REF, {"a": 2}),
    ],
)
def test_digest_tells_tenant_app_contract_and_inputs_apart(
    tenant: UUID, app_id: str, ref: ContractRef, inputs: dict[str, Any]
) -> None:
    assert inputs_hash(tenant, app_id, ref, inputs) != inputs_hash(TENANT, "sitefit", REF, {"a": 1})


def test_a_schema_beyond_the_compiled_validator_is_still_checked() -> None:
    checker = SchemaChecker(
        {"type": "object", "properties": {"a": {"pattern": "^(?P<x>a)(?P=x)$"}}}
    )
    checker.check({"a": "aa"})
    with pytest.raises(ContractViolationError):
        checker.check({"a": "ab"})
