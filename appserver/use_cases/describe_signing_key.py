"""Publish what others need to check provenance."""

from appserver.services import Services
from contracts.model import JsonObject


def describe_signing_key(services: Services) -> JsonObject:
    """`{algorithm, key_id, public_key}`; a shared key shows no public part, the mock nothing."""
    key = services.signing_key
    if key is None:
        return {"algorithm": None, "key_id": None, "public_key": None}
    return {"algorithm": key.algorithm, "key_id": key.key_id, "public_key": key.public_text}
