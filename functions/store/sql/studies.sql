-- name: insert
INSERT INTO study (id, tenant_id, app_id, definition, version, base_json, space_json, paths,
                   objectives, stop_json, concurrency, may_reuse, points, estimate_seat_s, labels,
                   correlation_id, traceparent, created_at, round_started_at, moved_at)
VALUES (%(id)s, %(tenant_id)s, %(app_id)s, %(definition)s, %(version)s, %(base)s, %(space)s,
        %(paths)s, %(objectives)s, %(stop)s, %(concurrency)s, %(may_reuse)s, %(size)s,
        %(estimate_seat_s)s, %(labels)s, %(correlation_id)s, %(traceparent)s, %(created_at)s,
        %(created_at)s, %(created_at)s)

-- name: insert_points
INSERT INTO study_point (study_id, point, tenant_id, app_id, parameters)
SELECT %(id)s, place, %(tenant_id)s, %(app_id)s, parameters
FROM jsonb_array_elements(%(points)s) WITH ORDINALITY AS given (parameters, place)

-- name: count_active
SELECT count(*) AS active FROM study
WHERE app_id = %(app_id)s AND tenant_id = %(tenant_id)s AND status = 'running'

-- name: get
SELECT id, tenant_id, app_id, definition, version, status, base_json, space_json, paths,
       objectives, stop_json, concurrency, may_reuse, points, estimate_seat_s, labels,
       correlation_id, traceparent, stop_reason, created_at, round_started_at, moved_at,
       cancel_requested_at, ended_at
FROM study
WHERE id = %(id)s AND app_id = ANY (%(app_ids)s)

-- name: lock
SELECT id, tenant_id, app_id, definition, version, status, base_json, space_json, paths,
       objectives, stop_json, concurrency, may_reuse, points, estimate_seat_s, labels,
       correlation_id, traceparent, stop_reason, created_at, round_started_at, moved_at,
       cancel_requested_at, ended_at
FROM study
WHERE id = %(id)s AND app_id = ANY (%(app_ids)s)
FOR UPDATE

-- name: page
SELECT id, tenant_id, app_id, definition, version, status, base_json, space_json, paths,
       objectives, stop_json, concurrency, may_reuse, points, estimate_seat_s, labels,
       correlation_id, traceparent, stop_reason, created_at, round_started_at, moved_at,
       cancel_requested_at, ended_at
FROM study
WHERE tenant_id = %(tenant_id)s AND app_id = %(app_id)s
  AND (%(last_at)s::timestamptz IS NULL
       OR (created_at, id) < (%(last_at)s::timestamptz, %(last_id)s::uuid))
ORDER BY created_at DESC, id DESC
LIMIT %(limit)s

-- name: touch
UPDATE study
SET watched_at = %(now)s, moved_at = CASE WHEN %(has_moved)s THEN %(now)s ELSE moved_at END
WHERE id = %(id)s

-- name: ask_to_stop
UPDATE study SET stop_reason = %(reason)s, moved_at = %(now)s
WHERE id = %(id)s AND status = 'running' AND stop_reason IS NULL

-- name: ask_to_cancel
UPDATE study SET cancel_requested_at = %(now)s, moved_at = %(now)s
WHERE id = %(id)s AND status = 'running' AND cancel_requested_at IS NULL

-- name: finish
UPDATE study SET status = %(status)s, ended_at = %(now)s
WHERE id = %(id)s AND status = 'running'

-- name: reopen
UPDATE study
SET status = 'running', ended_at = NULL, stop_reason = NULL, watched_at = NULL,
    round_started_at = %(now)s, moved_at = %(now)s
WHERE id = %(id)s

-- name: unwatched
SELECT id AS study_id, tenant_id, app_id
FROM study
WHERE status = 'running' AND app_id = ANY (%(app_ids)s)
  AND coalesce(watched_at, round_started_at) <= CASE WHEN watched_at IS NULL
      THEN %(unstarted_since)s ELSE %(watched_until)s END
ORDER BY coalesce(watched_at, round_started_at)
LIMIT %(limit)s

-- name: put_file
INSERT INTO artifact (study_id, tenant_id, app_id, kind, file_name, media_type, blob_path,
                      size_bytes, digest, created_at, expires_at)
VALUES (%(id)s, %(tenant_id)s, %(app_id)s, %(kind)s, %(file_name)s, %(media_type)s, %(blob_path)s,
        %(size_bytes)s, %(digest)s, %(now)s, %(expires_at)s)
ON CONFLICT (study_id, file_name) WHERE study_id IS NOT NULL DO UPDATE
SET size_bytes = excluded.size_bytes, digest = excluded.digest,
    created_at = excluded.created_at, expires_at = excluded.expires_at

-- name: files
SELECT kind, file_name, media_type, blob_path, size_bytes, digest, expires_at
FROM artifact
WHERE study_id = %(id)s AND expires_at > %(now)s
ORDER BY file_name

-- name: withdraw_files
UPDATE artifact SET expires_at = least(expires_at, %(now)s) WHERE study_id = %(id)s

-- name: erase
DELETE FROM study WHERE id = %(id)s AND status <> 'running'

-- name: forget_keys
DELETE FROM idempotency_key
WHERE tenant_id = %(tenant_id)s AND app_id = %(app_id)s AND body ->> 'study_id' = %(study_id)s
