"""Deliveries are written, claimed, sent and recorded through the pooler, too."""

from tests.integration.pooler.collect import collected

MODULES = (
    "webhooks/test_delivery",
    "webhooks/test_events",
    "webhooks/test_promptness",
    "webhooks/test_submissions",
)

globals().update(collected(MODULES))
