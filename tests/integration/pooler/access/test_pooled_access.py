"""Every endpoint keeps callers apart, and counts what they ask, through the pooler, too."""

from tests.integration.pooler.collect import collected

globals().update(collected(("access/test_access", "access/test_rates")))
