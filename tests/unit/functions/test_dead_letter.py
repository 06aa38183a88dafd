"""Fingerprints put together what has one cause; cursors and filters are read strictly."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from contracts.model import ContractRef, JsonObject
from functions.domain.dead_letter import FINGERPRINT_DIGITS, fingerprint
from functions.domain.errors import InputsRejectedError
from functions.domain.letter_filter import Place, read_letter_filter, read_place, write_place

REF = ContractRef("sitefit", "1.0.0")


def of(detail: str, code: str = "engine_error", ref: ContractRef | None = REF) -> str:
    error: JsonObject = {"code": code, "detail": detail, "attempt": 3}
    return fingerprint("sitefit", ref, error)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Node 17 is gone.", "node  4 is gone."),
        (f"Job {UUID(int=1)} failed.", f"Job {UUID(int=2**127)} failed."),
        ("At (1.5, -2e-3)", "At (2, 7)"),
        ("Hash 0123456789abcdef0", "Hash ffffffffffff00001"),
    ],
)
def test_numbers_and_ids_make_no_difference(one: str, other: str) -> None:
    assert of(one) == of(other)
    assert len(of(one)) == FINGERPRINT_DIGITS


def test_wording_code_contract_and_app_do() -> None:
    prints = {
        of("Gone."),
        of("Lost."),
        of("Gone.", "solve_timeout"),
        of("Gone.", ref=ContractRef("sitefit", "1.1.0")),
        of("Gone.", ref=None),
        fingerprint("daylight", REF, {"code": "engine_error", "detail": "Gone."}),
    }
    assert len(prints) == 6


def test_a_fingerprint_stays_the_same_between_releases() -> None:
    assert of("Node 17 is gone.") == "78f5b85f198aa8a04400c67e8905006a"


def test_a_cursor_names_its_place_again() -> None:
    place = Place(datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC), uuid4())
    assert read_place(write_place(place)) == place


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "ten"},
        {"limit": "\u0661"},
        {"group": "tenant"},
        {"cursor": "x"},
        {"cursor": "\u00e9"},
        {"cursor": "W10"},
        {"tenant_id": "1"},
        {"code": "a\x00"},
    ],
)
def test_a_wrong_parameter_is_named(query: dict[str, str]) -> None:
    with pytest.raises(InputsRejectedError) as caught:
        read_letter_filter(query)
    assert [fault.code for fault in caught.value.errors] == list(query)
