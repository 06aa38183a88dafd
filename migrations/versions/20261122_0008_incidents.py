"""Dead letters counted by fingerprint where they are written, and found by their age."""

from alembic import op

revision = "0008"
down_revision = "0007"

# One row for each tenant, fingerprint and reason: an operator's list adds up tens of them instead
# of reading every letter, and row security keeps tenants apart as in the table that is counted.
# The age is a CASE: row security would keep the index of a coalesce from use.
TABLE = """
CREATE TABLE dead_letter_incident (
  tenant_id uuid,
  app_id text NOT NULL,
  fingerprint text NOT NULL,
  reason text NOT NULL,
  code text,
  letters bigint NOT NULL,
  waiting bigint NOT NULL,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  CONSTRAINT dead_letter_incident_key
    UNIQUE NULLS NOT DISTINCT (app_id, fingerprint, reason, code, tenant_id)
);
CREATE INDEX dead_letter_incident_empty ON dead_letter_incident (app_id) WHERE letters <= 0;
CREATE INDEX dead_letter_age ON dead_letter
  (app_id, (CASE WHEN replayed_at IS NULL THEN created_at ELSE replayed_at END));
"""

# With the rights of whoever writes the letter. Each pass takes its rows in one order, so that two
# statements that touch several cannot wait for each other.
COUNTING = """
CREATE FUNCTION kuduso.count_dead_letters() RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO dead_letter_incident AS incident
      (app_id, fingerprint, reason, code, tenant_id, letters, waiting, first_seen_at, last_seen_at)
    SELECT app_id, fingerprint, reason, error ->> 'code', tenant_id, count(*),
           count(*) FILTER (WHERE replayed_at IS NULL), min(created_at), max(created_at)
    FROM added GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT ON CONSTRAINT dead_letter_incident_key DO UPDATE
    SET letters = incident.letters + excluded.letters,
        waiting = incident.waiting + excluded.waiting,
        first_seen_at = least(incident.first_seen_at, excluded.first_seen_at),
        last_seen_at = greatest(incident.last_seen_at, excluded.last_seen_at);
  END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO dead_letter_incident AS incident
      (app_id, fingerprint, reason, code, tenant_id, letters, waiting, first_seen_at, last_seen_at)
    SELECT app_id, fingerprint, reason, error ->> 'code', tenant_id, -count(*),
           -count(*) FILTER (WHERE replayed_at IS NULL), min(created_at), max(created_at)
    FROM removed GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT ON CONSTRAINT dead_letter_incident_key DO UPDATE
    SET letters = incident.letters + excluded.letters,
        waiting = incident.waiting + excluded.waiting;
    DELETE FROM dead_letter_incident
    WHERE letters <= 0 AND app_id IN (SELECT app_id FROM removed);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER dead_letter_added AFTER INSERT ON dead_letter
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION kuduso.count_dead_letters();
CREATE TRIGGER dead_letter_changed AFTER UPDATE ON dead_letter
REFERENCING OLD TABLE AS removed NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION kuduso.count_dead_letters();
CREATE TRIGGER dead_letter_removed AFTER DELETE ON dead_letter
REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kuduso.count_dead_letters();
"""

# The triggers' lock keeps letters from being written meanwhile.
COUNT_ALL = """
INSERT INTO dead_letter_incident
  (app_id, fingerprint, reason, code, tenant_id, letters, waiting, first_seen_at, last_seen_at)
SELECT app_id, fingerprint, reason, error ->> 'code', tenant_id, count(*),
       count(*) FILTER (WHERE replayed_at IS NULL), min(created_at), max(created_at)
FROM dead_letter GROUP BY 1, 2, 3, 4, 5
"""


def upgrade() -> None:
    """The code of revision 0007 writes letters as before; they are counted for it."""
    op.execute(TABLE)
    op.execute("ALTER TABLE dead_letter_incident ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE dead_letter_incident FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY dead_letter_incident_of_tenant ON dead_letter_incident TO kuduso_runtime "
        "USING (tenant_id = (SELECT kuduso.tenant_id()) "
        "AND app_id = ANY ((SELECT kuduso.app_ids())::text[]))"
    )
    op.execute(
        "CREATE POLICY dead_letter_incident_of_platform ON dead_letter_incident TO kuduso_runtime "
        "USING ((SELECT kuduso.is_platform()) "
        "AND app_id = ANY ((SELECT kuduso.app_ids())::text[]))"
    )
    op.execute(
        "REVOKE ALL ON dead_letter_incident FROM PUBLIC, anon, authenticated, kuduso_runtime"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON dead_letter_incident TO kuduso_runtime")
    op.execute(COUNTING)
    op.execute(COUNT_ALL)


def downgrade() -> None:
    """Drop what was added."""
    for event in ("added", "changed", "removed"):
        op.execute(f"DROP TRIGGER dead_letter_{event} ON dead_letter")
    op.execute("DROP FUNCTION kuduso.count_dead_letters()")
    op.execute("DROP INDEX dead_letter_age")
    op.execute("DROP TABLE dead_letter_incident")
