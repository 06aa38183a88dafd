"""Signing of documents: Ed25519, which anybody can check, or HMAC between two who share a key.

A key is a text: `ed25519:` and the base64 of a 32-byte seed, `ed25519-public:` and the base64 of
the public key, or `hmac:` and the base64 of at least 32 bytes.

Source: RFC 8032, RFC 2104, RFC 8785.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contracts.digest import canonical_json
from contracts.model import JsonObject

Algorithm = Literal["Ed25519", "HMAC-SHA256"]
KEY_BYTES = 32
_ID_DIGITS = 16


class SigningKeyError(ValueError):
    """The text is no key; the message never shows it."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Signs and checks; a public key checks only. `public_text` is None for a shared key."""

    algorithm: Algorithm
    key_id: str
    public_text: str | None
    _private: Ed25519PrivateKey | None = None
    _public: Ed25519PublicKey | None = None
    _shared: bytes = b""

    @classmethod
    def parse(cls, text: str) -> "SigningKey":
        """Read a key.

        Raises:
            SigningKeyError: it is none.
        """
        kind, _, encoded = text.strip().partition(":")
        try:
            content = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            raise SigningKeyError("the part after the colon is not base64") from None
        if kind == "hmac" and len(content) >= KEY_BYTES:
            digest = hashlib.sha256(b"kuduso key id" + content).hexdigest()
            return cls("HMAC-SHA256", digest[:_ID_DIGITS], None, _shared=content)
        if kind not in ("ed25519", "ed25519-public") or len(content) != KEY_BYTES:
            raise SigningKeyError("is neither ed25519:, ed25519-public: nor hmac: with 32 bytes")
        private = Ed25519PrivateKey.from_private_bytes(content) if kind == "ed25519" else None
        public = private.public_key() if private else Ed25519PublicKey.from_public_bytes(content)
        return cls._asymmetric(private, public)

    @classmethod
    def _asymmetric(
        cls, private: Ed25519PrivateKey | None, public: Ed25519PublicKey
    ) -> "SigningKey":
        content = public.public_bytes_raw()
        text = f"ed25519-public:{base64.b64encode(content).decode()}"
        key_id = hashlib.sha256(content).hexdigest()[:_ID_DIGITS]
        return cls("Ed25519", key_id, text, private, public)

    @property
    def signs(self) -> bool:
        """Whether the key can sign."""
        return self.algorithm == "HMAC-SHA256" or self._private is not None

    def sign(self, document: JsonObject) -> JsonObject:
        """The document with `algorithm`, `key_id` and `signature`, which covers all the rest.

        Raises:
            SigningKeyError: this key only checks.
        """
        signed: JsonObject = {**document, "algorithm": self.algorithm, "key_id": self.key_id}
        text = canonical_json(signed)
        if self.algorithm == "HMAC-SHA256":
            signature = hmac.digest(self._shared, text, "sha256")
        elif self._private is not None:
            signature = self._private.sign(text)
        else:
            raise SigningKeyError("a public key does not sign")
        signed["signature"] = base64.b64encode(signature).decode()
        return signed

    def has_signed(self, document: JsonObject) -> bool:
        """Whether the signature is this key's and the document is as it was signed."""
        rest = {name: value for name, value in document.items() if name != "signature"}
        if document.get("algorithm") != self.algorithm or document.get("key_id") != self.key_id:
            return False
        try:
            signature = base64.b64decode(str(document.get("signature")), validate=True)
        except (binascii.Error, ValueError):
            return False
        if self._public is None:
            expected = hmac.digest(self._shared, canonical_json(rest), "sha256")
            return hmac.compare_digest(expected, signature)
        try:
            self._public.verify(signature, canonical_json(rest))
        except InvalidSignature:
            return False
        return True
