"""`python -m appserver verify FILE --key KEY [--provenance FILE]`: check a result's provenance.

FILE is an answer of the AppServer, a provenance, or a result of the API; the provenance of the
last one, `GET /{app_id}/jobs/{job_id}/provenance`, is given beside it.
KEY is `ed25519-public:..` (as `/health/provenance-key` shows it), `hmac:..`, or a file with one of
them; several may be given. Exit codes: 0 genuine, 1 altered, 2 cannot be checked.
"""

import argparse
import sys
from pathlib import Path

from pydantic import JsonValue

from appserver.domain.signature import SigningKey, SigningKeyError
from appserver.use_cases.verify_result import NotVerifiableError, Verdict, verify_result
from contracts.errors import JsonTextError
from contracts.json_text import parse_json

GENUINE, ALTERED, NOT_CHECKED = 0, 1, 2
_SHOWN = (
    *("app_id", "definition", "version", "definition_hash", "plugins_hash", "engine", "node"),
    *("tolerances", "units", "seed", "inputs_hash", "outputs_hash", "solved_at", "key_id"),
)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the answer is an exit code."""
    parser = argparse.ArgumentParser(prog="python -m appserver", description=__doc__)
    command = parser.add_subparsers(required=True).add_parser("verify", help="check a result")
    command.add_argument("file", help="a result or answer in JSON; - reads standard input")
    command.add_argument("--key", action="append", required=True, help="a key or a file with one")
    command.add_argument("--provenance", metavar="FILE", help="what was signed about the result")
    given = parser.parse_args(arguments)
    try:
        keys = [SigningKey.parse(_key_text(text)) for text in given.key]
        verdict = verify_result(_document(given.file, given.provenance), keys)
    except (OSError, JsonTextError, SigningKeyError, NotVerifiableError) as error:
        sys.stderr.write(f"cannot be checked: {error}\n")
        return NOT_CHECKED
    sys.stdout.write(_report(verdict))
    return GENUINE if verdict.is_valid else ALTERED


def _key_text(text: str) -> str:
    return text if ":" in text and not Path(text).exists() else Path(text).read_text().strip()


def _document(file: str, provenance: str | None) -> JsonValue:
    document = parse_json(_read(file))
    if provenance is None:
        return document
    return {"outputs": document, "provenance": parse_json(_read(provenance))}


def _read(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


def _report(verdict: Verdict) -> str:
    outputs = {None: "not in the file", True: "unchanged", False: "ALTERED"}[verdict.same_outputs]
    lines = [
        f"{'genuine' if verdict.is_valid else 'ALTERED'}",
        f"  signature        {'valid' if verdict.is_signed else 'NOT VALID'}",
        f"  outputs          {outputs}",
        *(f"  {name:<16} {verdict.provenance.get(name)}" for name in _SHOWN),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
