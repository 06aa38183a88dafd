"""Only a token that the key signed and that has not expired is valid."""

import base64
import hashlib
import hmac
from urllib.parse import quote

import pytest

from devstack.service_bus.config import AccessKey
from devstack.service_bus.sas import is_valid_token

KEY = AccessKey("root", "secret")
NOW = 1_800_000_000.0
RESOURCE = quote("sb://127.0.0.1:5673/jobs", safe="")


def sign(key: str = "secret", name: str = "root", expiry: str = "1800000060") -> str:
    digest = hmac.new(key.encode(), f"{RESOURCE}\n{expiry}".encode(), hashlib.sha256).digest()
    signature = quote(base64.b64encode(digest), safe="")
    return f"SharedAccessSignature sr={RESOURCE}&sig={signature}&se={expiry}&skn={name}"


def test_a_signed_token_is_valid() -> None:
    assert is_valid_token(sign(), KEY, NOW)


@pytest.mark.parametrize(
    "token",
    [
        sign(key="other"),
        sign(name="other"),
        sign(expiry="1800000000"),
        sign(expiry="soon"),
        sign(expiry="9" * 5_000),
        sign().replace("jobs", "other"),
        sign().replace("SharedAccessSignature ", "Bearer "),
        sign().partition("&sig")[0],
        "SharedAccessSignature ",
        "",
    ],
)
def test_any_other_token_is_not(token: str) -> None:
    assert not is_valid_token(token, KEY, NOW)
