"""A token of the product's issuer for the account that smoke tests use."""

import httpx
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, ValidationError

from delivery.errors import SignInError

_TIMEOUT_S = 30


class Account(BaseModel):
    """Who signs in where; kept as one JSON secret in the delivery vault.

    `issuer`: as in JWT_ISSUER. `api_key`: the issuer's publishable key.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: HttpUrl
    api_key: SecretStr
    email: str = Field(min_length=3)
    password: SecretStr


def read_account(text: str) -> Account:
    """Read the secret.

    Raises:
        SignInError: naming each member that is missing or wrong, without its value.
    """
    try:
        return Account.model_validate_json(text)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        lines = [": ".join([*map(str, fault["loc"]), fault["msg"]]) for fault in faults]
        raise SignInError(f"the account cannot be read: {'; '.join(lines)}") from None


class _Answer(BaseModel):
    """What the issuer says; nothing else of it is read."""

    access_token: str | None = None
    error_code: str | None = None


def sign_in(account: Account) -> str:
    """An access token.

    Source: Supabase Auth, POST /token?grant_type=password.

    Raises:
        SignInError: the issuer does not answer, or gives none.
    """
    url = f"{str(account.issuer).rstrip('/')}/token"
    body = {"email": account.email, "password": account.password.get_secret_value()}
    headers = {"apikey": account.api_key.get_secret_value()}
    try:
        reply = httpx.post(
            url, params={"grant_type": "password"}, json=body, headers=headers, timeout=_TIMEOUT_S
        )
    except httpx.HTTPError as error:
        raise SignInError(f"{url}: {error}") from error
    try:
        answer = _Answer.model_validate_json(reply.content)
    except ValidationError:
        raise SignInError(f"{url} answered {reply.status_code} and no JSON object") from None
    if reply.is_error or answer.access_token is None:
        reason = answer.error_code or "no access_token"
        raise SignInError(f"{url} answered {reply.status_code}: {reason}")
    return answer.access_token
