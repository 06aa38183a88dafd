"""azure-functions-durable on the local task hub, over HTTP: what orchestrators can do."""

from .orchestrations import Orchestrations


def test_activities_run_in_a_chain(hub: Orchestrations) -> None:
    done = hub.run("chain", {"city": "Paris"})

    assert done["runtimeStatus"] == "Completed"
    assert done["output"] == ["Hello Paris!", "Hello Rome!", None]
    assert done["customStatus"] == {"step": 2}
    assert done["input"] == '{"city": "Paris"}'
    seen = [call for call in hub.host.seen("chain") if call["id"] == done["instanceId"]]
    started = [call["is_replaying"] for call in seen if call["at"] == "start"]
    assert started == [False, True, True, True]
    assert [call["is_replaying"] for call in seen if call["at"] == "end"] == [False]


def test_a_failed_activity_is_retried(hub: Orchestrations) -> None:
    assert hub.run("retrying")["output"] == "ok after 3"


def test_the_last_failure_of_a_retried_activity_is_raised(hub: Orchestrations) -> None:
    output = hub.run("retry_exhausted")["output"]

    assert output["after"] == "Hello after!"
    assert output["caught"].startswith("Activity function 'boom' failed:  RuntimeError: boom ")


def test_activities_fan_out_and_in(hub: Orchestrations) -> None:
    output = hub.run("fan", 5)["output"]

    assert output == {"squares": [0, 1, 4, 9, 16, "ok after 3"], "total2": 900}


def test_a_failed_task_all_goes_on_when_its_siblings_are_over(hub: Orchestrations) -> None:
    output = hub.run("fan_one_fails")["output"]

    assert output["cleanup"] == "Hello cleanup!"
    assert output["waited"]


def test_a_timer_wins(hub: Orchestrations) -> None:
    output = hub.run("approval", {"timeout": 0.3})["output"]

    assert output == {"approved": None, "is_due": True}


def test_an_event_by_webhook_arrives_as_an_object(hub: Orchestrations) -> None:
    links = hub.start("approval", {"timeout": 60})

    answer = hub.http.post(
        links["sendEventPostUri"].replace("{eventName}", "Approval"), json={"by": "ann"}
    )

    assert answer.status_code == 202
    assert hub.finish(links)["output"] == {"approved": {"by": "ann"}, "type": "dict"}


def test_an_event_by_the_client_arrives_as_text_and_names_have_a_case(hub: Orchestrations) -> None:
    links = hub.start("approval", {"timeout": 60})

    hub.manage(links["id"], "raise", {"by": "bob"}, event="approval")
    hub.manage(links["id"], "raise", {"by": "eve"}, event="Approval")

    assert hub.finish(links)["output"] == {"approved": '{"by": "eve"}', "type": "str"}


def test_sub_orchestrations_answer_and_fail(hub: Orchestrations) -> None:
    output = hub.run("parent")["output"]

    assert output["first"][0] == "Hello Lima!"
    assert output["second"]["squares"][:3] == [0, 1, 4]
    expected = "Orchestrator function 'failing' failed: Activity function 'boom' failed:  Runtime"
    assert output["error"].startswith(expected)


def test_continue_as_new_keeps_the_instance(hub: Orchestrations) -> None:
    done = hub.run("counter", 1)

    assert done["output"] == {"rounds": 3}
    assert done["customStatus"] == "round 3"
    assert done["input"] == "3"
    events = hub.status(done["instanceId"], showHistory="true").json()["historyEvents"]
    assert [one["EventType"] for one in events].count("TaskCompleted") == 1


def test_terminate_ends_an_instance(hub: Orchestrations) -> None:
    links = hub.start("forever")
    hub.reach_custom_status(links["id"], "waiting")

    hub.manage(links["id"], "terminate")
    done = hub.finish(links)

    assert (done["runtimeStatus"], done["output"]) == ("Terminated", "because")
    late = hub.webhook("POST", f"/instances/{links['id']}/raiseEvent/Never", json={})
    assert late.status_code == 410


def test_an_orchestrator_that_raises_fails_the_instance(hub: Orchestrations) -> None:
    done = hub.run("failing", {"why": "top"})

    assert done["runtimeStatus"] == "Failed"
    assert done["output"].startswith("Orchestrator function 'failing' failed: Activity function")
    told = hub.status(done["instanceId"], returnInternalServerErrorOnFailure="true")
    assert told.status_code == 500


def test_a_timer_that_nobody_cancels_keeps_the_instance_running(hub: Orchestrations) -> None:
    done = hub.run("open_timer")

    events = hub.status(done["instanceId"], showHistory="true").json()["historyEvents"]
    assert done["output"] == "returned early"
    assert [one["EventType"] for one in events][-2:] == ["TimerFired", "ExecutionCompleted"]


def test_a_suspended_instance_takes_no_step_until_it_is_resumed(hub: Orchestrations) -> None:
    links = hub.start("forever")
    hub.reach_custom_status(links["id"], "waiting")

    hub.manage(links["id"], "suspend")
    hub.reach(links["id"], "Suspended")
    hub.manage(links["id"], "raise", 1, event="Never")
    again = hub.webhook("POST", f"/instances/{links['id']}/suspend")
    wait_for_event = hub.status(links["id"], showHistory="true").json()["runtimeStatus"]
    hub.manage(links["id"], "resume")

    assert again.status_code == 500
    assert wait_for_event == "Suspended"
    assert hub.finish(links)["runtimeStatus"] == "Completed"


def test_a_new_instance_has_the_default_version_and_so_have_its_children(
    hub: Orchestrations,
) -> None:
    assert hub.run("versioned", "parent")["output"] == ["2.0", "2.0", "1.5"]
    assert hub.finish(hub.start("versioned", version="1.0"))["output"] == "1.0"


def test_an_instance_of_a_later_version_waits_for_a_later_host(hub: Orchestrations) -> None:
    links = hub.start("versioned", version="2.10")

    hub.host.wait_event("orchestration_rejected", instance_id=links["id"])

    assert hub.status(links["id"]).json()["runtimeStatus"] == "Pending"


def test_an_unknown_activity_fails_the_instance(hub: Orchestrations) -> None:
    done = hub.run("lost")

    assert done["runtimeStatus"] == "Failed"
    assert "'no_such_activity' doesn't exist" in done["output"]


def test_entities_are_refused_in_words(hub: Orchestrations) -> None:
    done = hub.run("unserved")

    assert done["runtimeStatus"] == "Failed"
    assert "does not serve CALL_ENTITY" in done["output"]


def test_host_json_limits_how_many_activities_run_at_once(hub: Orchestrations) -> None:
    assert hub.run("gated", 20)["output"] == 8
