"""Every revision goes up, down and up again, and leaves the isolation it promises."""

import psycopg

from tests.conftest import TestDatabase, migrate

TENANT_TABLES = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
       (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
"""
WITHOUT_TENANT = """
SELECT c.relname FROM pg_class c
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT EXISTS (
  SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')
"""
POLICIES = """
SELECT tablename, policyname, qual FROM pg_policies WHERE schemaname = 'public'
"""
OWNED = "SELECT relname FROM pg_class WHERE relowner = 'kuduso_runtime'::regrole"
RELATIONS = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') ORDER BY 1
"""


def relations(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [name for (name,) in connection.execute(RELATIONS)]


def test_revisions_go_up_down_and_up_again(empty_database: str) -> None:
    migrate(empty_database, "upgrade", "head")
    after_up = relations(empty_database)
    migrate(empty_database, "downgrade", "base")
    assert relations(empty_database) == ["alembic_version"]
    migrate(empty_database, "upgrade", "head")
    assert relations(empty_database) == after_up
    assert {"job", "result", "artifact", "seat", "dead_letter", "job_with_result"} <= {*after_up}


def test_each_tenant_table_forces_row_security_and_has_a_policy(
    database_urls: TestDatabase,
) -> None:
    with psycopg.connect(database_urls.owner_url) as connection:
        rows = connection.execute(TENANT_TABLES).fetchall()
    assert {name for name, *_ in rows} >= {"job", "seat", "dead_letter", "rate_limit"}
    for name, enabled, forced, policies in rows:
        assert (enabled, forced, policies > 0) == (True, True, True), name


def test_only_the_revision_table_belongs_to_no_tenant(database_urls: TestDatabase) -> None:
    with psycopg.connect(database_urls.owner_url) as connection:
        assert connection.execute(WITHOUT_TENANT).fetchall() == [("alembic_version",)]


def test_each_policy_compares_the_app_and_asks_for_claims_once(
    database_urls: TestDatabase,
) -> None:
    """`(SELECT f())` is an init plan: the planner runs it once, not for each row."""
    with psycopg.connect(database_urls.owner_url) as connection:
        rows = connection.execute(POLICIES).fetchall()
    assert len(rows) > 10
    for table, policy, qual in rows:
        scope = "tenant_id() AS tenant_id" if policy == f"{table}_of_tenant" else "is_platform()"
        assert f"SELECT kuduso.{scope}" in qual, policy
        assert "app_id = ANY (( SELECT kuduso.app_ids() AS app_ids)" in qual, policy


def test_runtime_role_owns_nothing_and_bypasses_nothing(database_urls: TestDatabase) -> None:
    with psycopg.connect(database_urls.owner_url) as connection:
        assert connection.execute(OWNED).fetchall() == []
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb "
            "FROM pg_roles WHERE rolname = 'kuduso_runtime'"
        ).fetchone()
    assert row == (False, False, False, False)


def test_view_runs_with_the_rights_of_who_asks(database_urls: TestDatabase) -> None:
    with psycopg.connect(database_urls.owner_url) as connection:
        row = connection.execute(
            "SELECT reloptions FROM pg_class WHERE relname = 'job_with_result'"
        ).fetchone()
    assert row is not None
    assert "security_invoker=true" in row[0]


def test_supabase_roles_exist_and_anon_may_read_nothing(database_urls: TestDatabase) -> None:
    with psycopg.connect(database_urls.owner_url) as connection:
        found = connection.execute(
            "SELECT rolname FROM pg_roles "
            "WHERE rolname IN ('anon', 'authenticated', 'service_role') ORDER BY 1"
        ).fetchall()
        granted = connection.execute(
            "SELECT table_name FROM information_schema.role_table_grants WHERE grantee = 'anon'"
        ).fetchall()
        written = connection.execute(
            "SELECT table_name FROM information_schema.role_table_grants "
            "WHERE grantee = 'authenticated' AND privilege_type <> 'SELECT'"
        ).fetchall()
    assert found == [("anon",), ("authenticated",), ("service_role",)]
    assert granted == []
    assert written == []
