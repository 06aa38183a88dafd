"""Whatever is repeated, lost, frozen or killed: every job ends once, or visibly waits."""

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from contracts.registry import DEFAULT_ROOT, Registry
from functions.domain.job import FINAL
from functions.store.tenant import Database
from tests.builders.jobs import APP, OTHER_TENANT, TENANT
from tests.conftest import TestDatabase
from tests.integration.state_machine.engine import Outcome
from tests.integration.state_machine.truth import Truth
from tests.integration.state_machine.world import TIMERS, Timer, World

SEATS = 2
POLICY = {"batch_seats": SEATS, "max_attempts": 3}
OUTCOMES: tuple[Outcome, ...] = ("solved", "solved", "permanent", "transient", "nonsense")
WAITS_S = (1, 11, 25, 61, 130)
TTLS = (timedelta(seconds=90), timedelta(days=1))

indexes = st.integers(0, 5)
# Most workers live; a fuse is the number of effects after which one ends.
fuses = st.one_of(st.none(), st.none(), st.integers(1, 14))
tenants = st.sampled_from([TENANT, OTHER_TENANT])


class Jobs(RuleBasedStateMachine):
    """Random lives of a few jobs, two seats, two tenants and mortal workers."""

    def __init__(self, make_world: Callable[[], World], truth: Truth) -> None:
        super().__init__()
        truth.reset()
        self.truth, self.world = truth, make_world()
        self.world.committed = lambda: truth.check_seats(self.world.clock.now(), SEATS)

    @rule(tenant=tenants, value=st.integers(0, 1), ttl=st.sampled_from(TTLS), fuse=fuses)
    def submit(self, tenant: UUID, value: int, ttl: timedelta, fuse: int | None) -> None:
        self.world.submit(tenant, value, ttl, fuse)

    @rule(index=indexes, fuse=fuses, is_repeated=st.booleans())
    def deliver(self, index: int, fuse: int | None, is_repeated: bool) -> None:
        self.world.deliver(index, fuse, is_repeated=is_repeated)

    @rule(index=indexes)
    def lose(self, index: int) -> None:
        self.world.lose(index)

    @rule(index=indexes, outcome=st.sampled_from(OUTCOMES))
    def answer(self, index: int, outcome: Outcome) -> None:
        self.world.answer(index, outcome)

    @rule(index=indexes, fuse=fuses)
    def cancel(self, index: int, fuse: int | None) -> None:
        jobs = self.truth.jobs()
        if jobs:
            job = jobs[index % len(jobs)]
            self.world.cancel(job["tenant_id"], job["id"], fuse)

    @rule(timer=st.sampled_from(TIMERS), fuse=fuses)
    def tick(self, timer: Timer, fuse: int | None) -> None:
        self.world.tick(timer, fuse)

    @rule(wait_s=st.sampled_from(WAITS_S))
    def wait(self, wait_s: int) -> None:
        self.world.advance(timedelta(seconds=wait_s))

    @rule(index=indexes, is_frozen=st.booleans())
    def freeze(self, index: int, is_frozen: bool) -> None:
        if self.world.workers:
            worker = self.world.workers[index % len(self.world.workers)]
            self.world.freeze(worker, is_frozen=is_frozen)

    @rule(index=indexes)
    def kill(self, index: int) -> None:
        if self.world.workers:
            self.world.kill(self.world.workers[index % len(self.world.workers)])

    @rule(index=indexes, fuse=st.integers(1, 9))
    def doom(self, index: int, fuse: int) -> None:
        """A worker in the middle of a solve will end soon, between two effects."""
        if self.world.workers:
            self.world.workers[index % len(self.world.workers)].fuse = fuse

    @rule(is_away=st.booleans())
    def cut_broker(self, is_away: bool) -> None:
        self.world.broker.is_away = is_away

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


@pytest.mark.timeout(120)
def test_every_job_ends_once_or_waits(
    database_urls: TestDatabase, registry: Registry, truth: Truth
) -> None:
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        database = Database(database_urls.runtime_url, pool_size=4)
        run_state_machine_as_test(
            lambda: Jobs(lambda: World(loop, database, registry), truth),
            settings=settings(
                max_examples=25,
                stateful_step_count=40,
                deadline=None,
                derandomize=True,
                # A failure is printed as it was found: shrinking takes minutes on a database.
                phases=[Phase.explicit, Phase.generate],
                database=None,
                print_blob=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
        runner.run(database.close())
