"""`python -m devstack.identity`: an issuer that publishes the keys of our development tokens."""

import argparse
import json
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from socketserver import ThreadingMixIn
from types import FrameType
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIServer, make_server

from devstack.tokens import ALGORITHM, key_set, read_or_create_key

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

JWKS_PATH = "/.well-known/jwks.json"


def issuer(port: int) -> str:
    """The `iss` of its tokens."""
    return f"http://127.0.0.1:{port}"


def documents(port: int, keys: Mapping[str, Any]) -> dict[str, bytes]:
    """What is served, by path. Source: OpenID Connect Discovery 1.0."""
    configuration = {
        "issuer": issuer(port),
        "jwks_uri": issuer(port) + JWKS_PATH,
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "response_types_supported": ["token"],
        "subject_types_supported": ["public"],
    }
    served = {JWKS_PATH: keys, "/.well-known/openid-configuration": configuration}
    return {path: json.dumps(document).encode() for path, document in served.items()}


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def build_server(port: int, served: Mapping[str, bytes]) -> WSGIServer:
    """A server on 127.0.0.1 that answers each path with its document, others with 404."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        body = served.get(environ["PATH_INFO"])
        status = "404 Not Found" if body is None else "200 OK"
        start_response(status, [("Content-Type", "application/json")])
        return [body or b"{}"]

    return make_server("127.0.0.1", port, answer, server_class=_Server)


def main() -> int:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m devstack.identity", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--keys", type=Path, required=True, help="key file; made when missing")
    chosen = parser.parse_args()
    keys = key_set(read_or_create_key(chosen.keys))
    server = build_server(chosen.port, documents(chosen.port, keys))

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, leave)
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
