"""The Durable extension's HTTP API: the SDK's client, webhooks and their keys."""

import httpx
import pytest

from .orchestrations import RUNNING, WEBHOOK, Orchestrations, path_of


def test_the_client_waits_for_a_quick_instance(hub: Orchestrations) -> None:
    answer = hub.http.post("/v1/wait/chain", json={"city": "Bern"})

    assert answer.status_code == 200
    assert answer.json()[0] == "Hello Bern!"


def test_the_client_reads_a_status_with_its_history(hub: Orchestrations) -> None:
    done = hub.run("chain", {"city": "Bern"})

    found = hub.http.get(f"/v1/status/{done['instanceId']}").json()

    names = [one["EventType"] for one in found["historyEvents"]]
    assert names == ["ExecutionStarted", *["TaskCompleted"] * 3, "ExecutionCompleted"]
    assert [one["FunctionName"] for one in found["historyEvents"][1:3]] == ["say_hello"] * 2
    assert found["historyEvents"][1]["Result"] == "Hello Bern!"
    assert hub.http.get("/v1/status/nobody").json() == {"found": False}


def test_the_client_lists_instances(hub: Orchestrations) -> None:
    done = hub.finish(hub.start("chain", None, "listed-1"))
    running = hub.start("forever", None, "listed-2")["id"]

    over = hub.http.get("/v1/list/over", params={"prefix": "listed-"}).json()
    everything = hub.http.get("/v1/list/all").json()

    assert over == [done["instanceId"]]
    assert {done["instanceId"], running} <= set(everything)


@pytest.mark.parametrize("fresh", ["true", "false"])
def test_the_client_restarts_an_instance_with_its_input(hub: Orchestrations, fresh: str) -> None:
    done = hub.run("chain", {"city": "Ulm"})

    links = hub.manage(done["instanceId"], "restart", fresh=fresh)

    assert (links["id"] == done["instanceId"]) is (fresh == "false")
    again = hub.finish(links)
    assert again["output"][0] == "Hello Ulm!"


def test_the_client_purges_one_instance_and_several(hub: Orchestrations) -> None:
    done = hub.run("chain")
    ended = [hub.start("forever")["id"] for _ in range(2)]
    for instance_id in ended:
        hub.manage(instance_id, "terminate")
        hub.reach(instance_id, "Terminated")

    assert hub.manage(done["instanceId"], "purge") == 1
    assert hub.manage(done["instanceId"], "purge") == 0
    assert hub.http.post("/v1/purge").json() >= 2
    gone = [done["instanceId"], *ended]
    assert [hub.status(one).status_code for one in gone] == [404] * 3


def test_an_unknown_orchestrator_and_a_wrong_id_are_errors_in_the_client(
    hub: Orchestrations,
) -> None:
    assert hub.http.post("/v1/start/nobody").status_code == 500
    assert hub.http.post("/v1/start/chain/@x").status_code == 500
    refused = hub.webhook("POST", "/orchestrators/nobody")
    assert refused.status_code == 400
    assert "'chain'" in refused.json()["ExceptionMessage"]


def test_a_running_instance_is_not_started_twice_and_a_finished_one_is_replaced(
    hub: Orchestrations,
) -> None:
    links = hub.start("forever", None, "job-1")
    assert hub.http.post("/v1/start/forever/job-1").status_code == 500
    hub.manage("job-1", "terminate")
    hub.finish(links)

    assert hub.finish(hub.start("chain", None, "job-1"))["name"] == "chain"


def test_webhooks_need_the_system_key(hub: Orchestrations) -> None:
    assert hub.webhook("GET", "/instances", key="").status_code == 401
    assert hub.webhook("GET", "/instances", key="HOST-KEY").status_code == 401
    assert hub.webhook("GET", "/instances", key="MASTER").status_code == 200
    by_header = hub.http.get(f"{WEBHOOK}/instances", headers={"x-functions-key": "SYSTEM-KEY"})
    assert by_header.status_code == 200


def test_a_webhook_starts_an_instance_and_waits_for_it(hub: Orchestrations) -> None:
    path = "/orchestrators/chain"

    answer = hub.webhook("POST", path, {"city": "Wien"}, timeout="8", pollingInterval="1")

    assert answer.json()[0] == "Hello Wien!"


def test_a_webhook_input_that_is_no_object_fails_in_the_sdk(hub: Orchestrations) -> None:
    answer = hub.webhook("POST", "/orchestrators/fan", 2, timeout="8", pollingInterval="1")

    assert answer.json()["runtimeStatus"] == "Failed"
    assert "JSON object must be str" in answer.json()["output"]


def test_the_links_of_an_instance_manage_it(hub: Orchestrations) -> None:
    links = hub.start("forever")
    paths = {
        name: path_of(url).replace("{text}", "enough")
        for name, url in links.items()
        if "Uri" in name
    }
    running = hub.http.get(paths["statusQueryGetUri"])

    assert running.status_code == 202
    assert running.headers["Retry-After"] == "5"
    assert running.json()["runtimeStatus"] in RUNNING
    assert hub.http.post(paths["suspendPostUri"]).status_code == 202
    hub.reach(links["id"], "Suspended")
    assert hub.http.post(paths["resumePostUri"]).status_code == 202
    assert hub.http.post(paths["rewindPostUri"]).status_code == 501
    assert hub.http.post(paths["terminatePostUri"]).status_code == 202
    assert hub.finish(links)["output"] == "enough"
    assert hub.http.delete(paths["purgeHistoryDeleteUri"]).json() == {"instancesDeleted": 1}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/instances/nobody", 404),
        ("POST", "/instances/nobody/terminate", 404),
        ("POST", "/instances/nobody/restart", 400),
        ("POST", "/orchestrators", 404),
        ("GET", "/orchestrators/chain", 404),
        ("GET", "/entities/counter/a", 501),
        ("GET", "/somewhere", 404),
        ("DELETE", "/instances", 400),
        ("GET", "/instances?createdTimeFrom=yesterday", 400),
    ],
)
def test_what_is_not_there_is_told(
    hub: Orchestrations, method: str, path: str, status: int
) -> None:
    headers = {"x-functions-key": "SYSTEM-KEY"}

    assert hub.http.request(method, WEBHOOK + path, headers=headers).status_code == status


def test_an_event_must_be_json(hub: Orchestrations) -> None:
    links = hub.start("forever")
    url = f"{WEBHOOK}/instances/{links['id']}/raiseEvent/Never?code=SYSTEM-KEY"

    text = hub.http.post(url, content=b"{}", headers={"content-type": "text/plain"})
    broken = hub.http.post(url, content=b"{", headers={"content-type": "application/json"})

    assert (text.status_code, broken.status_code) == (400, 400)


def test_the_rpc_port_serves_no_function(hub: Orchestrations) -> None:
    binding = hub.http.get("/v1/binding").json()

    with httpx.Client(base_url=binding["rpcBaseUrl"]) as rpc:
        assert rpc.get("instances/nobody").status_code == 404
        assert rpc.get("/v1/list/all").status_code == 404
    assert binding["rpcBaseUrl"].startswith("http://127.0.0.1:")
    assert binding["taskHubName"] == "TestHub"
