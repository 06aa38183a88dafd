"""Fixtures that the tests of access have where they stand; the pooler comes from above."""

from tests.integration.access.conftest import function_app, token_issuer
from tests.integration.access.test_access import job_id

__all__ = ["function_app", "job_id", "token_issuer"]
