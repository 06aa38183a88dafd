"""Grants and callback signatures: what is accepted, and what is not."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError

from contracts.wire.grant import GrantError, check_grant, sign_grant
from contracts.wire.solve_callback import (
    SignatureError,
    SolveCallback,
    check_callback,
    sign_callback,
)

KEY = b"k" * 32
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
TENANT = UUID("0a8f1f0e-3f0b-4a3e-9f55-0d1c0a5b7e11")
OTHER = UUID("0a8f1f0e-3f0b-4a3e-9f55-0d1c0a5b7e12")


def test_a_grant_allows_its_tenant_its_app_until_it_expires() -> None:
    grant = sign_grant(KEY, "sitefit", TENANT, LATER)
    check_grant(KEY, grant, "sitefit", TENANT, NOW)
    with pytest.raises(GrantError, match="expired"):
        check_grant(KEY, grant, "sitefit", TENANT, LATER)


@pytest.mark.parametrize(
    ("key", "app_id", "tenant_id"),
    [(KEY, "daylight", TENANT), (KEY, "sitefit", OTHER), (b"x" * 32, "sitefit", TENANT)],
)
def test_a_grant_is_no_good_for_anything_else(key: bytes, app_id: str, tenant_id: UUID) -> None:
    grant = sign_grant(KEY, "sitefit", TENANT, LATER)
    with pytest.raises(GrantError, match="not signed for this"):
        check_grant(key, grant, app_id, tenant_id, NOW)


@pytest.mark.parametrize("text", ["", ".", "1.", "x" * 60, "9" * 400 + ".a", "٣." + "a" * 43])
def test_a_text_that_is_no_grant_is_refused(text: str) -> None:
    with pytest.raises(GrantError, match="malformed"):
        check_grant(KEY, text, "sitefit", TENANT, NOW)


def test_the_expiry_is_signed_too() -> None:
    _, mac = sign_grant(KEY, "sitefit", TENANT, LATER).split(".")
    with pytest.raises(GrantError, match="not signed"):
        check_grant(KEY, f"9999999999.{mac}", "sitefit", TENANT, NOW)


def test_a_callback_is_signed_byte_for_byte() -> None:
    signature = sign_callback(KEY, b'{"a": 1}', LATER)
    check_callback(KEY, signature, b'{"a": 1}', NOW)
    with pytest.raises(SignatureError):
        check_callback(KEY, signature, b'{"a":1}', NOW)


def test_a_grant_does_not_pass_for_a_callback() -> None:
    grant = sign_grant(KEY, "sitefit", TENANT, LATER)
    with pytest.raises(SignatureError):
        check_callback(KEY, grant, f"sitefit\n{TENANT}".encode(), NOW)


def test_a_callback_says_how_the_solve_ended() -> None:
    about = {"solve_id": "s", "token": "t", "sequence": 0}
    assert SolveCallback.model_validate({**about, "event": "heartbeat"}).answer is None
    with pytest.raises(ValidationError, match="succeeded has an answer"):
        SolveCallback.model_validate({**about, "event": "succeeded"})
    with pytest.raises(ValidationError, match="succeeded has an answer"):
        SolveCallback.model_validate({**about, "event": "heartbeat", "problem": {}})
