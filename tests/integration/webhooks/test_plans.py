"""Claiming costs the same with a long log as with an empty one."""

import psycopg

from functions.store.statements import load
from functions.store.webhook_deliveries import PER_ENDPOINT
from tests.builders.jobs import APP, START, TENANT
from tests.conftest import TestDatabase

CLAIMS = '{"kuduso_role": "platform", "apps": ["sitefit"]}'
JOB = """
INSERT INTO job (id, tenant_id, app_id, definition, version, status, inputs_hash, payload_json,
                 correlation_id, created_at, ended_at)
VALUES (gen_random_uuid(), %s, %s, 'd', '1.0.0', 'failed', 'h', '{}', 'c', now(), now())
RETURNING id
"""
ENDPOINTS = """
INSERT INTO webhook_endpoint (tenant_id, app_id, url, event_types, created_at)
SELECT %s, %s, 'https://receiver.example/', '{job.failed}', now() FROM generate_series(1, 20)
"""
LOG = """
INSERT INTO webhook_delivery (id, tenant_id, app_id, job_id, endpoint_id, event_type, body, status,
                              created_at)
SELECT gen_random_uuid(), tenant_id, app_id, %s, id, 'job.failed', '{}', 'failed', now()
FROM webhook_endpoint, generate_series(1, 1000)
"""
DUE = """
UPDATE webhook_delivery SET status = 'pending', next_attempt_at = '2020-01-01'
WHERE id IN (SELECT id FROM webhook_delivery LIMIT 50)
"""


def test_claiming_reads_the_index_of_due_deliveries(database_urls: TestDatabase) -> None:
    values = {"app_ids": [APP], "now": START, "lease_expires_at": START}
    values |= {"limit": 48, "per_endpoint": PER_ENDPOINT}
    with psycopg.connect(database_urls.owner_url, autocommit=True) as connection:
        job = connection.execute(JOB, (TENANT, APP)).fetchone()
        assert job is not None
        connection.execute(ENDPOINTS, (TENANT, APP))
        connection.execute(LOG, job)
        connection.execute(DUE)
        connection.execute("ANALYZE")
        explain = b"EXPLAIN " + load("webhook_deliveries.sql")["claim_due"]
        with connection.transaction():  # as a timer: row security may keep an index from use
            connection.execute("SET LOCAL ROLE kuduso_runtime")
            connection.execute("SELECT set_config('request.jwt.claims', %s, true)", [CLAIMS])
            plan = "\n".join(line for (line,) in connection.execute(explain, values))
    assert "webhook_delivery_due" in plan
    assert "Seq Scan on webhook_delivery" not in plan
