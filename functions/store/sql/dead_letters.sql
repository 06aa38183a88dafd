-- name: insert
INSERT INTO dead_letter (id, tenant_id, app_id, job_id, reason, fingerprint, error, message,
                         attempts, created_at)
VALUES (%(id)s, %(tenant_id)s, %(app_id)s, %(job_id)s, %(reason)s, %(fingerprint)s, %(error)s,
        %(message)s, %(attempts)s, %(created_at)s)
ON CONFLICT (id) DO NOTHING
