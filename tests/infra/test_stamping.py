"""A new app is its contract folder and a file of a few lines; the programs stay as they are."""

import ipaddress
import json
import shutil
from pathlib import Path
from typing import Any

import app_policies
import pytest
from checks.azure_types import type_faults
from checks.mgmt_models import MgmtModels
from checks.policies import policy_faults
from checks.secrets import secret_faults
from components.address_ranges import cut
from components.autoscale_rules import cpu_rules, queue_rules
from components.storage import lifecycle_rules
from offline.program import Programs, full_name
from offline.stacks import Estate
from stack_config import FOLDER, PLATFORM, SECRET_KEYS, stamped_apps

from contracts.commands.stack_file import stack_file
from contracts.policy import Policy

LONGEST = "a-very-long-product-name-of-forty-chars1"
SPACE = ipaddress.IPv4Network("10.20.0.0/16")


def app_files() -> list[Path]:
    return [file for file in FOLDER.glob("Pulumi.*-*.yaml") if PLATFORM not in file.name]


def test_an_app_s_file_has_ten_lines_at_most() -> None:
    assert len(app_files()) >= 3
    assert max(len(file.read_text().splitlines()) for file in app_files()) <= 10


def test_every_environment_s_apps_are_found_by_their_files() -> None:
    assert stamped_apps("dev") == ("daylight", "layouts", "sitefit")
    assert stamped_apps("stage") == ()


@pytest.mark.parametrize("app_id", ["ab", LONGEST])
def test_a_stamped_app_passes_every_check(
    estate: Estate,
    models: MgmtModels,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    app_id: str,
) -> None:
    stacks, contracts = tmp_path / "pulumi", tmp_path / "contracts"
    (contracts / app_id).mkdir(parents=True)
    stacks.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.dev-platform.yaml", "__main__.py"):
        shutil.copy(FOLDER / name, stacks)
    policy = json.loads((FOLDER.parent / "contracts/sitefit/policy.json").read_text())
    (contracts / app_id / "policy.json").write_text(json.dumps(policy | {"app_id": app_id}))
    stack_file(stacks, "dev", app_id).write("2026-11-01")
    monkeypatch.setattr(app_policies, "CONTRACTS", contracts)
    known = {full_name("kuduso", name): one.outputs for name, one in estate.applied.items()}
    for preview in (False, True):
        found = Programs(stacks, SECRET_KEYS).run(f"dev-{app_id}", known, preview=preview)
        assert [*type_faults(found, models), *secret_faults(found)] == []
        assert preview or policy_faults(found) == []
        assert found.given_keys <= found.read_keys
    assert found.outputs["queue"] == f"jobs-{app_id}"


def test_each_queue_has_its_rule_while_azure_takes_so_many() -> None:
    queues = [f"jobs-app{number}" for number in range(9)]
    few: list[Any] = [*cpu_rules("set"), *queue_rules("namespace", queues[:8], 4)]
    assert len(few) == 10
    assert {rule.metric_trigger.metric_name for rule in few[2:]} == {"ActiveMessageCount"}
    found: list[Any] = [*queue_rules("namespace", queues, 4)]
    assert [rule.metric_trigger.dimensions[0].values for rule in found] == [queues]
    assert [rule.metric_trigger.threshold for rule in found] == [4]


def test_the_nodes_never_exceed_the_seats_of_the_apps() -> None:
    file = FOLDER.parent / "contracts/sitefit/policy.json"
    policy = Policy.model_validate_json(file.read_text())
    apps = {f"app{number}": policy for number in range(3)}  # 15 seats
    assert app_policies.nodes_for(apps, seats_per_node=4, most=20) == 4
    assert app_policies.nodes_for(apps, seats_per_node=4, most=2) == 2
    assert app_policies.nodes_for({}, seats_per_node=4, most=20) == 1


def test_a_platform_tells_when_it_is_full() -> None:
    assert cut(SPACE, 102).functions.num_addresses == 4096
    with pytest.raises(ValueError, match="stamp another platform"):
        cut(SPACE, 103)
    with pytest.raises(ValueError, match="takes 100 rules"):
        lifecycle_rules({f"app{number}": 30.0 for number in range(101)})


def test_the_subnets_share_no_address() -> None:
    ranges = cut(SPACE, 3)
    subnets = [ranges.functions, ranges.containers, ranges.compute, ranges.endpoints]
    assert all(one.subnet_of(SPACE) for one in subnets)
    assert not any(one.overlaps(other) for one in subnets for other in subnets if one is not other)
    assert ipaddress.IPv4Address(ranges.balancer_address) in ranges.compute
