"""Check a stored result: who made it, from what, and whether it is still the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from appserver.domain.provenance import outputs_hash
from appserver.domain.signature import SigningKey
from contracts.model import JsonObject
from contracts.wire.provenance import FORMAT


class NotVerifiableError(Exception):
    """There is nothing to check, or nothing to check it with; the text says which."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found; `same_outputs` is None when the file holds no outputs."""

    provenance: JsonObject
    is_signed: bool
    same_outputs: bool | None

    @property
    def is_valid(self) -> bool:
        """Whether nothing was altered."""
        return self.is_signed and self.same_outputs is not False


def verify_result(document: JsonValue, keys: Sequence[SigningKey]) -> Verdict:
    """Check an answer of the AppServer, a result of the API, or a provenance by itself.

    Raises:
        NotVerifiableError: no provenance, or none of the keys is the one that signed.
    """
    provenance, outputs = _parts(document if isinstance(document, dict) else {})
    key = next((key for key in keys if key.key_id == provenance.get("key_id")), None)
    if key is None:
        raise NotVerifiableError(f"no key given has the id {provenance.get('key_id')!r}")
    same = None if outputs is None else outputs_hash(outputs) == provenance.get("outputs_hash")
    return Verdict(provenance, key.has_signed(provenance), same)


def _parts(document: JsonObject) -> tuple[JsonObject, JsonObject | None]:
    if document.get("format") == FORMAT:
        return document, None
    provenance = document.get("provenance")
    if not isinstance(provenance, dict) or provenance.get("format") != FORMAT:
        raise NotVerifiableError(f"the file holds no provenance of the format {FORMAT}")
    outputs = document.get("outputs")
    if isinstance(outputs, dict):
        return provenance, outputs
    rest = {name: value for name, value in document.items() if name != "provenance"}
    return provenance, rest or None
