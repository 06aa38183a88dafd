"""Fixtures that the tests of webhooks have where they stand; the pooler comes from above."""

from tests.integration.webhooks.conftest import clock, receiver, services, silence

__all__ = ["clock", "receiver", "services", "silence"]
