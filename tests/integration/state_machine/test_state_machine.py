"""Whatever is repeated, lost, frozen or killed: every job ends once, or visibly waits."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from contracts.registry import DEFAULT_ROOT, Registry
from functions.domain.idempotency import read_key
from functions.domain.job import FINAL
from functions.domain.submitted import Terms
from functions.store.tenant import Database
from tests.builders.jobs import APP, OTHER_TENANT, TENANT
from tests.conftest import SEARCH, TestDatabase
from tests.integration.state_machine.engine import Outcome
from tests.integration.state_machine.truth import Truth
from tests.integration.state_machine.workers import Worker
from tests.integration.state_machine.world import TIMERS, World

T = TypeVar("T")
SEATS = 2
POLICY = {"batch_seats": SEATS, "max_attempts": 3}
OUTCOMES: tuple[Outcome, ...] = (
    "solved",
    "solved",
    "permanent",
    "transient",
    "full",
    "nonsense",
)
WAITS_S = (1, 11, 25, 61, 130)
TTLS_S = (90, 86_400)

# One rule with weighted kinds: rules of their own would each be left out of half of the lives.
KINDS = {
    "deliver": 5,
    "answer": 4,
    "submit": 2,
    "wait": 3,
    "tick": 3,
    "freeze": 1,
    "oversleep": 3,
    "thaw": 3,
    "kill": 1,
    "doom": 1,
    "cancel": 1,
    "lose": 1,
    "cut_broker": 1,
}
kinds = st.sampled_from([kind for kind, weight in KINDS.items() for _ in range(weight)])
indexes = st.integers(0, 5)
# Most workers live; a fuse is the number of effects after which one ends.
fuses = st.sampled_from([None] * 24 + list(range(1, 15)))
tenants = st.sampled_from([TENANT, OTHER_TENANT])
# Most submissions make a job of their own; some meet an equal one, some come under a key.
terms = st.sampled_from(["fresh", "fresh", "fresh", "reuse", "key"])


def terms_of(kind: str, value: int) -> Terms:
    key = read_key("jobs/run", f"key-{value}", {"value": value}) if kind == "key" else None
    return Terms(key, may_reuse=kind == "reuse")


class Jobs(RuleBasedStateMachine):
    """Random lives of a few jobs, two seats, two tenants and mortal workers."""

    def __init__(self, world: World, truth: Truth) -> None:
        super().__init__()
        self.truth, self.world = truth, world
        self.world.committed = lambda: truth.check_seats(self.world.clock.now(), SEATS)

    @initialize()
    def begin(self) -> None:
        """Two jobs run, two wait."""
        for tenant in (TENANT, TENANT, OTHER_TENANT, OTHER_TENANT):
            self.world.submit(tenant, 1, TTLS_S[1], terms_of("fresh", 1), None)
        for _ in range(SEATS):
            self.world.deliver(0, None, is_repeated=False)

    @rule(data=st.data(), kind=kinds, index=indexes, fuse=fuses)
    def step(self, data: st.DataObject, kind: str, index: int, fuse: int | None) -> None:
        world = self.world
        match kind:
            case "submit":
                ttl_s, value = data.draw(st.sampled_from(TTLS_S)), data.draw(st.integers(0, 1))
                taken = terms_of(data.draw(terms), value)
                world.submit(data.draw(tenants), value, ttl_s, taken, fuse)
            case "deliver":
                world.deliver(index, fuse, is_repeated=data.draw(st.booleans()))
            case "answer":
                world.answer(index, data.draw(st.sampled_from(OUTCOMES)))
            case "cancel":
                job = self.chosen(self.truth.jobs(), index)
                world.cancel(job["tenant_id"], job["id"], fuse)
            case "tick":
                world.tick(data.draw(st.sampled_from(TIMERS)), fuse)
            case "wait":
                world.advance(timedelta(seconds=data.draw(st.sampled_from(WAITS_S))))
            case _:
                self.disturb(kind, index)

    def disturb(self, kind: str, index: int) -> None:
        if kind == "lose":
            self.world.lose(index)
        elif kind == "cut_broker":
            self.world.broker.is_away = not self.world.broker.is_away
        elif self.world.workers:
            self.strike(kind, self.chosen(self.world.workers, index), index)

    def strike(self, kind: str, worker: Worker, fuse: int) -> None:
        match kind:
            case "kill":
                self.world.kill(worker)
            case "doom":
                worker.fuse = fuse + 1
            case "oversleep":
                is_answered, is_recovered = fuse % 2 == 0, fuse % 3 > 0
                self.world.oversleep(worker, is_recovered=is_recovered, is_answered=is_answered)
            case _:
                self.world.freeze(worker, is_frozen=kind == "freeze")

    def chosen(self, among: list[T], index: int) -> T:
        return among[index % len(among)]

    @invariant()
    def holds(self) -> None:
        self.truth.check(self.world.answered)

    def teardown(self) -> None:
        try:
            self.world.heal()
            self.truth.check(self.world.answered)
            waiting = [job for job in self.truth.jobs() if job["status"] not in FINAL]
            assert not waiting, waiting
        finally:
            self.world.close()


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """The released contract, with few seats and attempts."""
    root = tmp_path_factory.mktemp("contracts")
    shutil.copytree(DEFAULT_ROOT / APP, root / APP)
    file = root / APP / "policy.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | POLICY))
    return Registry.load(root)


@pytest.fixture
def truth(database_urls: TestDatabase) -> Iterator[Truth]:
    opened = Truth(database_urls.owner_url)
    yield opened
    opened.close()


IS_SEARCH = settings.get_current_profile_name() == SEARCH


@pytest.mark.timeout(3600 if IS_SEARCH else 120)
def test_every_job_ends_once_or_waits(
    database_urls: TestDatabase, registry: Registry, truth: Truth
) -> None:
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        database = Database(database_urls.runtime_url, pool_size=4)

        class Life(Jobs):
            def __init__(self) -> None:
                truth.reset()
                super().__init__(World(loop, database, registry), truth)

        run_state_machine_as_test(
            Life,
            settings=settings(
                max_examples=settings.get_profile(SEARCH).max_examples if IS_SEARCH else 30,
                stateful_step_count=50,
                derandomize=not IS_SEARCH,
                # A failure is printed as it was found: shrinking takes minutes on a database.
                phases=[Phase.explicit, Phase.generate],
                database=None,
                print_blob=True,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            ),
        )
        runner.run(database.close())
