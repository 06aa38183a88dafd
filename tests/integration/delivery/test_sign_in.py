"""The smoke account signs in over real HTTP; whatever goes wrong is named, secrets are not."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from delivery.errors import SignInError
from delivery.sign_in import Account, read_account, sign_in


class Issuer(ThreadingHTTPServer):
    """Answers as Supabase Auth does; remembers what it was asked."""

    answer: tuple[int, bytes] = (200, b'{"access_token": "token", "token_type": "bearer"}')
    asked: dict[str, Any]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Issuer)
        length = int(self.headers["Content-Length"])
        body = json.loads(self.rfile.read(length))
        server.asked = {"path": self.path, "apikey": self.headers["apikey"], **body}
        status, content = server.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with Issuer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def account(issuer: Issuer) -> Account:
    document = {
        "issuer": f"http://127.0.0.1:{issuer.server_port}/auth/v1",
        "api_key": "publishable",
        "email": "smoke@example.com",
        "password": "secret word",
    }
    return read_account(json.dumps(document))


def test_the_account_gets_a_token(issuer: Issuer) -> None:
    assert sign_in(account(issuer)) == "token"
    assert issuer.asked == {
        "path": "/auth/v1/token?grant_type=password",
        "apikey": "publishable",
        "email": "smoke@example.com",
        "password": "secret word",
    }


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((400, b'{"error_code": "invalid_credentials"}'), "answered 400: invalid_credentials"),
        ((502, b"<html>"), "answered 502 and no JSON object"),
        ((200, b"{}"), "answered 200: no access_token"),
    ],
)
def test_a_refusal_is_told_without_the_password(
    issuer: Issuer, answer: tuple[int, bytes], expected: str
) -> None:
    issuer.answer = answer
    with pytest.raises(SignInError, match=expected) as caught:
        sign_in(account(issuer))
    assert "secret word" not in str(caught.value)


def test_a_secret_of_another_shape_is_told_without_its_values() -> None:
    with pytest.raises(SignInError) as caught:
        read_account('{"issuer": "https://x.example", "api_key": "k", "pasword": "secret word"}')
    text = str(caught.value)
    assert "email: Field required" in text
    assert "pasword: Extra inputs" in text
    assert "secret word" not in text
