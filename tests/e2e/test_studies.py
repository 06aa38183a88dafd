"""Parameter studies through HTTP: asked for, followed, killed, read as tables and files."""

import csv
import io
import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.e2e.conftest import Platform, example, wait_until
from tests.e2e.test_api import check_described, described
from tests.e2e.test_bad_requests import problem
from tests.e2e.test_recovery import frozen

STUDIES = "/sitefit/studies"
OBJECTIVE = {"path": "$.result", "goal": "max"}
SCORE, SETBACK = "$.results[0].score", "$.results[0].metrics.min_setback_m"
MOST_EVENTS = 100
ROUNDS, TASK_SCHEDULED = 10, 4
WIDE = [[0, 0], [50, 0], [50, 8], [0, 8], [0, 0]]  # a house that fits no parcel


def values(*given: float) -> dict[str, Any]:
    return {"type": "grid", "parameters": [{"path": "$.value", "values": list(given)}]}


@dataclass(frozen=True)
class Studies:
    platform: Platform

    def ask(self, space: dict[str, Any], **more: Any) -> httpx.Response:
        body = {"version": "1.1.0", "space": space, "objectives": [OBJECTIVE], **more}
        return self.platform.client.post(STUDIES, json=body)

    def begun(self, space: dict[str, Any], **more: Any) -> str:
        answer = self.ask(space, **more)
        assert answer.status_code == 202, answer.text
        assert answer.headers["location"] == answer.json()["links"]["self"]
        return answer.headers["location"]

    def at(self, path: str) -> dict[str, Any]:
        answer = self.platform.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ended(self, path: str) -> dict[str, Any]:
        wait_until(lambda: self.at(path)["status"] != "running", f"the end of {path}")
        return self.at(path)

    def post(self, path: str) -> httpx.Response:
        return self.platform.client.post(path)

    def counts(self, path: str) -> dict[str, int]:
        return {name: count for name, count in self.at(path)["counts"].items() if count}

    def rows(self, path: str, query: str = "") -> list[dict[str, Any]]:
        return self.at(f"{path}/results{query}")["rows"]


@pytest.fixture
def studies(platform: Platform) -> Studies:
    return Studies(platform)


@pytest.mark.parametrize(
    ("space", "expected"),
    [
        (values(5, 7), [5, 7]),
        ({"type": "list", "points": [{"$.value": 3}, {"$.value": 1}]}, [3, 1]),
        (
            {
                "type": "latin_hypercube",
                "count": 4,
                "seed": 7,
                "parameters": [{"path": "$.value", "min": 0, "max": 400}],
            },
            None,
        ),
        (
            {
                "type": "random",
                "count": 3,
                "seed": 7,
                "parameters": [{"path": "$.value", "min": 0, "max": 9, "integer": True}],
            },
            None,
        ),
    ],
)
def test_each_kind_of_space_is_solved(
    studies: Studies, space: dict[str, Any], expected: list[float] | None
) -> None:
    path = studies.begun(space)
    study = studies.ended(path)
    assert (study["status"], study["progress"]) == ("completed", 1.0)
    rows = studies.rows(path)
    given = [row["parameters"]["$.value"] for row in rows]
    assert expected in (None, given)
    assert [row["outputs"] for row in rows] == [{"result": value + 10} for value in given]
    if space["type"] == "latin_hypercube":
        assert sorted(int(value // 100) for value in given) == [0, 1, 2, 3]
    again = [row["parameters"] for row in studies.rows(studies.begun(space))]
    assert again == [row["parameters"] for row in rows]


@pytest.fixture
def two_ways(studies: Studies) -> str:
    """A study with two objectives, objects as values, and three points that cannot be solved."""
    base = example("minimal")
    houses = [base["house"]["coordinates"], WIDE]
    parameters = [
        {"path": "$.house.coordinates", "values": houses},
        {"path": "$.grid_step", "min": 1, "max": 3, "step": 1},
    ]
    objectives = [{"path": SCORE, "goal": "max"}, {"path": SETBACK, "goal": "min"}]
    space = {"type": "grid", "parameters": parameters}
    path = studies.begun(space, version="1.0.0", base=base, objectives=objectives)
    studies.ended(path)
    assert studies.counts(path) == {"succeeded": 3, "failed": 3}
    return path


def test_results_come_as_a_ranked_table(studies: Studies, two_ways: str) -> None:
    results = studies.at(f"{two_ways}/results?order=rank")
    best, *_ = rows = results["rows"]
    assert best["rank"] == 1
    assert results["pareto_points"] == [row["point"] for row in rows if row["is_pareto"]]
    assert {row["error"]["code"] for row in rows if row["error"]} == {"domain_violation"}
    assert best["objectives"][SCORE] == best["outputs"]["results"][0]["score"]
    page = studies.at(f"{two_ways}/results?limit=4")
    assert len(page["rows"]) == 4
    assert len(studies.at(page["next"])["rows"]) == 2


def test_results_are_stored_as_files_and_picture(studies: Studies, two_ways: str) -> None:
    answer = studies.platform.client.get(f"{two_ways}/results", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    table = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["rank"] for row in table] == [str(r["rank"] or "") for r in studies.rows(two_ways)]
    assert table[0]["inputs.grid_step"] == "1"
    assert float(table[0]["objectives.results[0].score"]) > 2

    files = {file["file_name"]: file for file in studies.at(two_ways)["artifacts"]}
    assert sorted(files) == ["picture.png", "picture.svg", "results.csv", "results.json"]
    stored = {name: httpx.get(file["href"]) for name, file in files.items()}
    assert {name: found.status_code for name, found in stored.items()} == dict.fromkeys(files, 200)
    assert stored["results.csv"].text == answer.text
    assert stored["results.json"].json()["rows"] == studies.rows(two_ways)
    assert stored["picture.png"].content.startswith(b"\x89PNG")
    assert stored["picture.png"].headers["content-type"] == "image/png"
    assert httpx.get(files["results.csv"]["href"].partition("?")[0]).status_code != 200


def test_a_retry_runs_what_has_failed_and_nothing_else(studies: Studies, two_ways: str) -> None:
    study = studies.at(two_ways)
    retried = studies.post(f"{two_ways}/retry")
    assert retried.status_code == 202, retried.text
    assert studies.ended(two_ways)["counts"] == study["counts"]  # they still fit no parcel
    jobs = "SELECT count(*) FROM job WHERE labels ->> 'study' = %s"
    assert studies.platform.query(jobs, study["study_id"]) == [(9,)]


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"space": {"type": "random", "count": 9, "parameters": []}}, 400, "/space/parameters"),
        (
            {"space": {"type": "random", "count": 2_001, "parameters": [1]}},
            400,
            "/space/parameters/0",
        ),
        ({"concurrency": 65}, 422, "/concurrency"),
        ({"space": values(*range(5), -1)}, 400, "/space/parameters/0"),
        ({"objectives": [{"path": "$.missing", "goal": "max"}]}, 400, "/objectives/0/path"),
        ({"stop": {"objective": {"path": "$.other", "value": 1}}}, 400, "/stop/objective/path"),
        ({"surprise": 1}, 400, "/surprise"),
    ],
)
def test_a_study_that_cannot_be_run_is_refused_before_it_starts(
    studies: Studies, change: dict[str, Any], status: int, pointer: str
) -> None:
    answer = studies.ask(**{"space": values(1), **change})
    code = "domain_violation" if status == 422 else "schema_violation"
    document = problem(answer, status, code)
    assert pointer in [error["pointer"] for error in document["errors"]]
    assert studies.at(STUDIES)["studies"] == []


def test_more_points_than_the_app_allows_are_refused(studies: Studies) -> None:
    space = {
        "type": "latin_hypercube",
        "count": 2_001,
        "parameters": [{"path": "$.value", "min": 0, "max": 1}],
    }
    (error,) = problem(studies.ask(space), 422, "domain_violation")["errors"]
    assert (error["pointer"], error["message"]) == (
        *("/space", "Has 2001 points; the app allows 2000."),
    )


def test_a_dry_run_says_what_would_run(studies: Studies) -> None:
    body = {"version": "1.1.0", "space": values(1, 2, 3)}
    answer = studies.platform.client.post(f"{STUDIES}?dry_run=true", json=body)
    assert answer.status_code == 200
    check_described(described(studies.platform), "StudyCheck", answer.json())
    assert (answer.json()["points"], answer.json()["concurrency"]) == (3, 16)
    assert studies.at(STUDIES)["studies"] == []


def test_a_key_makes_one_study(studies: Studies) -> None:
    client, body = studies.platform.client, {"version": "1.1.0", "space": values(1, 2)}
    first, again = (
        client.post(STUDIES, json=body, headers={"Idempotency-Key": "k"}) for _ in range(2)
    )
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    other = client.post(
        STUDIES, json={**body, "labels": {"a": "b"}}, headers={"Idempotency-Key": "k"}
    )
    problem(other, 422, "idempotency_key_reused")
    assert len(studies.at(STUDIES)["studies"]) == 1
    studies.ended(first.headers["location"])


def test_answers_are_what_the_document_says(studies: Studies) -> None:
    document = described(studies.platform)
    path = studies.begun(values(1, 2), labels={"site": "a"})
    study = studies.ended(path)
    for schema, address in (
        *(("Study", path), ("StudyList", STUDIES)),
        *(("StudyResults", f"{path}/results"), ("JobList", study["links"]["jobs"])),
    ):
        check_described(document, schema, studies.at(address))
    jobs = studies.at(study["links"]["jobs"])["jobs"]
    assert {job["labels"]["site"] for job in jobs} == {"a"}
    assert len(jobs) == 2


def test_progress_is_told_and_cancelling_frees_every_seat(studies: Studies) -> None:
    platform = studies.platform
    done = studies.begun(values(1))
    studies.ended(done)
    with frozen(platform, "compute"):
        path = studies.begun(values(*range(1, 31)), concurrency=8)
        # The first point was solved before and is free; sitefit has four seats.
        expected = {"succeeded": 1, "pending": 21, "queued": 4, "running": 4}
        wait_until(lambda: studies.counts(path) == expected, "every seat to be taken")
        cancelled = studies.post(f"{path}/cancel")
        assert cancelled.status_code == 202, cancelled.text
        assert cancelled.json()["is_cancelling"]
        study = studies.ended(path)
    assert study["status"] == "cancelled"
    assert studies.counts(path) == {"succeeded": 1, "cancelled": 29}
    ((tenant_id,),) = platform.query("SELECT tenant_id FROM study WHERE id = %s", study["study_id"])
    seats = "SELECT count(*) FROM seat WHERE tenant_id = %s"
    wait_until(lambda: platform.query(seats, tenant_id) == [(0,)], "the seats to be given back")
    left = "SELECT count(*) FROM job WHERE tenant_id = %s AND ended_at IS NULL"
    assert platform.query(left, tenant_id) == [(0,)]
    assert studies.post(f"{path}/cancel").status_code == 200
    problem(studies.post(f"{path}/retry"), 409, "invalid_state")
    assert len(study["artifacts"]) == 4


def test_a_killed_functions_host_solves_every_point_once(studies: Studies) -> None:
    platform = studies.platform
    path = studies.begun(values(*range(1, 41)), concurrency=12)
    wait_until(lambda: studies.at(path)["progress"] >= 0.2, "a part of it")
    platform.stack.kill("functions")
    platform.stack.start("functions")
    study = studies.ended(path)
    assert studies.counts(path) == {"succeeded": 40}, study
    rows = studies.rows(path)
    assert [row["outputs"]["result"] for row in rows] == [value + 10 for value in range(1, 41)]
    assert len({row["job_id"] for row in rows}) == 40
    once = (
        "SELECT count(*), count(DISTINCT event.job_id) FROM job_event AS event"
        " JOIN job ON job.id = event.job_id"
        " WHERE event = 'job_succeeded' AND job.labels ->> 'study' = %s"
    )
    assert platform.query(once, study["study_id"]) == [(40, 40)]
    assert len(study["artifacts"]) == 4


def test_a_study_whose_start_was_lost_is_started_by_a_timer(studies: Studies) -> None:
    platform = studies.platform
    path = studies.begun(values(1, 2))
    study_id = studies.ended(path)["study_id"]
    # As a crash right after the commit leaves it.
    platform.query(
        "UPDATE study SET status = 'running', ended_at = NULL, watched_at = NULL,"
        " round_started_at = now() - interval '1 minute' WHERE id = %s",
        study_id,
    )
    platform.query(
        "UPDATE study_point SET status = 'pending', job_id = NULL WHERE study_id = %s", study_id
    )
    platform.run_function("watch_studies")
    study = studies.ended(path)
    assert (study["counts"]["succeeded"], study["reused"]) == (2, 2)


def test_a_history_holds_ids_only_and_stays_short(studies: Studies) -> None:
    platform = studies.platform
    keys = json.loads((platform.stack.settings.root / "functions/keys.json").read_text())
    code = {"code": keys["system"]["durabletask_extension"]}
    (hub,) = platform.stack.settings.root.rglob("task_hub.db")
    with frozen(platform, "compute"), closing(sqlite3.connect(hub)) as connection:
        path = studies.begun(values(713.25), concurrency=1)
        study_id = path.rpartition("/")[2]
        address = f"/runtime/webhooks/durabletask/instances/{study_id}"

        def history() -> tuple[int, int] | None:
            """Activities that it called in this generation, and events."""
            found = connection.execute(
                "SELECT event FROM history WHERE instance_id = ?", (study_id,)
            ).fetchall()
            texts = [text for (text,) in found]
            assert not any("713.25" in text for text in texts)
            looked = sum(json.loads(text)["EventType"] == TASK_SCHEDULED for text in texts)
            return (looked, len(texts)) if looked else None

        looks, generations, most = 0, 0, 0
        for _ in range(3 * ROUNDS):
            before = wait_until(history, "a look at the study")
            event = f"{address}/raiseEvent/study_changed"
            assert platform.client.post(event, json={}, params=code).status_code == 202
            looks_before = before[0]
            wait_until(lambda n=looks_before: (history() or (n,))[0] != n, "another look")
            seen, events = wait_until(history, "a look at the study")
            generations += seen < looks
            looks, most = seen, max(most, events)
        assert generations >= 2
        assert MOST_EVENTS / 2 < most <= MOST_EVENTS
        studies.post(f"{path}/cancel")
        studies.ended(path)


def test_an_erased_study_is_gone_with_its_files(studies: Studies) -> None:
    platform = studies.platform
    path = studies.begun(values(1, 2))
    study = studies.ended(path)
    hrefs = [file["href"] for file in study["artifacts"]]
    with platform.as_tenant(str(uuid4())) as foreigner:
        for method, address in (
            *(("GET", path), ("GET", f"{path}/results"), ("DELETE", path)),
            *(("POST", f"{path}/cancel"), ("POST", f"{path}/retry")),
        ):
            problem(foreigner.request(method, address), 404, "not_found")
        assert foreigner.get(STUDIES).json()["studies"] == []
    assert platform.client.delete(path).status_code == 204
    assert Counter(httpx.get(href).status_code for href in hrefs) == {404: 4}
    problem(platform.client.get(path), 404, "not_found")
    problem(platform.client.delete(path), 404, "not_found")
    assert len(studies.at(study["links"]["jobs"])["jobs"]) == 2


def test_expired_files_of_a_study_are_deleted_and_its_table_stays(studies: Studies) -> None:
    platform = studies.platform
    path = studies.begun(values(1, 2))
    study = studies.ended(path)
    hrefs = [file["href"] for file in study["artifacts"]]
    expire = "UPDATE artifact SET expires_at = created_at WHERE study_id = %s"
    platform.query(expire, study["study_id"])
    assert studies.at(path)["artifacts"] == []
    platform.run_function("delete_expired_artifacts")
    wait_until(lambda: {httpx.get(href).status_code for href in hrefs} == {404}, "the clean-up")
    assert [row["rank"] for row in studies.rows(path)] == [2, 1]
