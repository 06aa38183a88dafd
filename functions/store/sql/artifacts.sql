-- name: add
INSERT INTO artifact (job_id, tenant_id, app_id, kind, file_name, media_type, blob_path,
                      size_bytes, digest, created_at, expires_at)
VALUES (%(job_id)s, %(tenant_id)s, %(app_id)s, %(kind)s, %(file_name)s, %(media_type)s,
        %(blob_path)s, %(size_bytes)s, %(digest)s, %(now)s, %(expires_at)s)

-- name: of_job
SELECT kind, file_name, media_type, blob_path, size_bytes, digest, expires_at
FROM artifact
WHERE job_id = %(job_id)s AND expires_at > %(now)s
ORDER BY id

-- name: expired
SELECT id, job_id, blob_path
FROM artifact
WHERE app_id = ANY (%(app_ids)s) AND expires_at <= %(now)s
ORDER BY expires_at
LIMIT %(limit)s

-- name: delete
DELETE FROM artifact WHERE id = ANY (%(ids)s)
