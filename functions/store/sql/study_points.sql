-- name: collect
WITH ended AS (
  SELECT point, CASE WHEN job.id IS NULL THEN 'erased'
                     WHEN job.status = 'succeeded' AND result.job_id IS NULL THEN 'result_expired'
                     ELSE job.status END AS outcome,
         job.last_error, result.outputs_json
  FROM study_point
  LEFT JOIN job ON job.id = study_point.job_id
  LEFT JOIN result ON result.job_id = study_point.job_id
  WHERE study_id = %(id)s AND study_point.status = 'submitted'
    AND (job.id IS NULL OR job.status NOT IN ('queued', 'running'))
)
UPDATE study_point
SET status = CASE
      WHEN outcome = 'succeeded' THEN 'succeeded'
      WHEN outcome <> 'cancelled' THEN 'failed'
      WHEN %(halted)s::text IS NOT NULL THEN %(halted)s::text
      -- Somebody else's job, cancelled by its owner: the point gets one of its own.
      WHEN is_reused THEN 'pending'
      ELSE 'cancelled' END,
    job_id = CASE WHEN outcome = 'cancelled' AND is_reused AND %(halted)s::text IS NULL THEN NULL
                  ELSE job_id END,
    error = CASE outcome
      WHEN 'succeeded' THEN NULL
      WHEN 'erased' THEN jsonb_build_object('code', 'not_found', 'detail', 'The job was erased.')
      WHEN 'result_expired' THEN
        jsonb_build_object('code', outcome, 'detail', 'The job''s result is no longer kept.')
      ELSE last_error END,
    objectives = (
      SELECT array_agg(CASE WHEN jsonb_typeof(value) = 'number' AND abs(value::numeric) < 1e300
                            THEN value::double precision END ORDER BY place)
      FROM jsonb_array_elements(%(ways)s::jsonb) WITH ORDINALITY AS wanted (way, place)
      CROSS JOIN LATERAL (
        SELECT outputs_json #> ARRAY (SELECT jsonb_array_elements_text(way)) AS value) AS found
      WHERE outcome = 'succeeded')
FROM ended
WHERE study_point.study_id = %(id)s AND study_point.point = ended.point

-- name: count
SELECT status, count(*)::integer AS points FROM study_point WHERE study_id = %(id)s GROUP BY status

-- name: tally
SELECT CASE WHEN study_point.status <> 'submitted' THEN study_point.status
            WHEN job.status IN ('queued', 'succeeded', 'failed') THEN job.status
            ELSE 'running' END AS status,
       count(*)::integer AS points, (count(*) FILTER (WHERE is_reused))::integer AS reused
FROM study_point
LEFT JOIN job ON job.id = study_point.job_id AND study_point.status = 'submitted'
WHERE study_id = %(id)s
GROUP BY 1

-- name: reached
SELECT EXISTS (
  SELECT FROM study_point
  WHERE study_id = %(id)s AND status = 'succeeded'
    AND objectives[%(place)s] * %(sign)s >= %(value)s * %(sign)s
) AS is_reached

-- name: best
SELECT point, status, parameters, objectives, job_id, is_reused, error
FROM study_point
WHERE study_id = %(id)s AND status = 'succeeded' AND objectives[%(place)s] IS NOT NULL
ORDER BY objectives[%(place)s] * %(sign)s DESC, point
LIMIT 1

-- name: next_pending
SELECT point, parameters FROM study_point
WHERE study_id = %(id)s AND status = 'pending'
ORDER BY point
LIMIT %(limit)s

-- name: still_pending
SELECT point FROM study_point
WHERE study_id = %(id)s AND status = 'pending' AND point = ANY (%(points)s)
ORDER BY point

-- name: submit
UPDATE study_point
SET status = CASE WHEN given.error IS NULL THEN 'submitted' ELSE 'failed' END,
    job_id = given.job_id, is_reused = coalesce(given.is_reused, false), error = given.error
FROM jsonb_to_recordset(%(rows)s)
  AS given (point integer, job_id uuid, is_reused boolean, error jsonb)
WHERE study_id = %(id)s AND study_point.point = given.point AND study_point.status = 'pending'

-- name: halt
-- A job that is not the study's own, or that another study waits for, goes on; its point does not
-- wait for it, unless the solve has begun and the result is still wanted.
UPDATE study_point SET status = %(status)s
WHERE study_id = %(id)s AND (status = 'pending' OR status = 'submitted' AND EXISTS (
  SELECT FROM job
  WHERE job.id = study_point.job_id AND job.status IN ('queued', 'running')
    AND (job.status = 'queued' OR %(status)s = 'cancelled')
    AND (is_reused OR EXISTS (
      SELECT FROM study_point AS other
      WHERE other.job_id = study_point.job_id AND other.status = 'submitted'
        AND other.study_id <> study_point.study_id))))

-- name: own_jobs
-- What another study waits for is left alone.
SELECT job.id, job.status
FROM study_point
JOIN job ON job.id = study_point.job_id
WHERE study_id = %(id)s AND study_point.status = 'submitted' AND NOT is_reused
  AND job.status IN ('queued', 'running') AND job.cancel_requested_at IS NULL
  AND NOT EXISTS (
    SELECT FROM study_point AS other
    WHERE other.job_id = study_point.job_id AND other.status = 'submitted'
      AND other.study_id <> study_point.study_id)
ORDER BY job.id

-- name: reopen_failed
UPDATE study_point
SET status = 'pending', job_id = NULL, is_reused = false, objectives = NULL, error = NULL
WHERE study_id = %(id)s AND status = 'failed'

-- name: table
SELECT point, status, parameters, objectives, job_id, is_reused, error
FROM study_point
WHERE study_id = %(id)s
ORDER BY point

-- name: outputs
SELECT point, outputs_json
FROM study_point
JOIN result ON result.job_id = study_point.job_id
WHERE study_id = %(id)s AND study_point.status = 'succeeded' AND point = ANY (%(points)s)
