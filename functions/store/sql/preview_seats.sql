-- name: take
-- After `seats.lock`: this statement's snapshot sees every seat that was taken before.
-- Everything is counted by the server's clock, which all instances share.
WITH reaped AS (
  DELETE FROM seat
  WHERE app_id = %(app_id)s AND lane = 'preview' AND expires_at <= statement_timestamp()
), held AS (
  SELECT tenant_id, sum(weight) AS weight
  FROM seat
  WHERE app_id = %(app_id)s AND lane = 'preview' AND expires_at > statement_timestamp()
  GROUP BY tenant_id
), own AS (
  SELECT coalesce((SELECT weight FROM held WHERE tenant_id = %(tenant_id)s), 0) AS held,
         coalesce((SELECT refused_at FROM preview_turn
                   WHERE tenant_id = %(tenant_id)s AND app_id = %(app_id)s
                     AND ends_at > statement_timestamp()), statement_timestamp()) AS asked_at
), promised AS (
  -- Who was refused and holds fewer seats, or as many and was refused before, comes first.
  SELECT coalesce(sum(turn.weight), 0) AS weight
  FROM preview_turn AS turn
  LEFT JOIN held ON held.tenant_id = turn.tenant_id
  CROSS JOIN own
  WHERE turn.app_id = %(app_id)s AND turn.tenant_id <> %(tenant_id)s
    AND turn.ends_at > statement_timestamp()
    AND (coalesce(held.weight, 0), turn.refused_at) < (own.held, own.asked_at)
), taken AS (
  INSERT INTO seat (id, tenant_id, app_id, lane, weight, lease_token, expires_at)
  SELECT %(id)s, %(tenant_id)s, %(app_id)s, 'preview', %(weight)s, 0,
         statement_timestamp() + %(lease)s
  FROM promised
  WHERE %(weight)s <= %(seats)s - promised.weight - (SELECT coalesce(sum(weight), 0) FROM held)
  RETURNING id
), served AS (
  DELETE FROM preview_turn
  WHERE tenant_id = %(tenant_id)s AND app_id = %(app_id)s AND EXISTS (SELECT FROM taken)
), forgotten AS (
  DELETE FROM preview_turn
  WHERE app_id = %(app_id)s AND tenant_id <> %(tenant_id)s AND ends_at <= statement_timestamp()
), refused AS (
  INSERT INTO preview_turn AS turn (tenant_id, app_id, weight, refused_at, ends_at)
  SELECT %(tenant_id)s, %(app_id)s, %(weight)s, statement_timestamp(),
         statement_timestamp() + %(turn)s
  WHERE NOT EXISTS (SELECT FROM taken)
  ON CONFLICT (tenant_id, app_id) DO UPDATE
  SET weight = excluded.weight, ends_at = excluded.ends_at,
      refused_at = CASE WHEN turn.ends_at <= statement_timestamp() THEN excluded.refused_at
                        ELSE turn.refused_at END
)
SELECT EXISTS (SELECT FROM taken) AS is_taken

-- name: give_back
DELETE FROM seat WHERE id = %(id)s AND lane = 'preview'
