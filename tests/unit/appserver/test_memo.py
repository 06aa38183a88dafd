"""What is remembered, for how long, for whom; and what makes two solves equal."""

import asyncio
from uuid import UUID

import pytest

from appserver.admission.forgetting import forgetting
from appserver.admission.memo import ENTRY_BYTES, Memo, MemoKey, Neighbourhood, Remembered
from appserver.admission.memo_keys import MemoKeys
from appserver.admission.snapping import snap, split_steps
from contracts.policy import Preview
from contracts.registry import Registry

A, B = UUID(int=1), UUID(int=2)


class Watch:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def key(app_id: str = "app", tenant: str = "a", digest: bytes = b"1") -> MemoKey:
    return MemoKey(app_id, tenant, digest)


def entry(size: int = 100, until_s: float = 10, near: Neighbourhood | None = None) -> Remembered:
    return Remembered(
        b"x" * (size - ENTRY_BYTES if size > ENTRY_BYTES else size), b"", until_s, near
    )


def test_an_answer_is_remembered_for_its_time() -> None:
    watch = Watch()
    memo = Memo(100_000, monotonic_s=watch)
    memo.remember(key(), entry(until_s=10), memo.purges)
    assert memo.recall(key()) is not None
    watch.now_s = 10
    assert memo.recall(key()) is None
    assert (len(memo), memo.size_bytes) == (0, 0)
    counts = memo.counts["app"]
    assert (counts.hits, counts.misses, counts.hit_rate) == (1, 1, 0.5)
    assert memo.counts["other"].hit_rate is None


def test_what_nobody_asks_for_again_leaves_the_memory_too() -> None:
    watch = Watch()
    memo = Memo(100_000, monotonic_s=watch)
    memo.remember(key(digest=b"1"), entry(until_s=10), memo.purges)
    memo.remember(key(digest=b"2"), entry(until_s=20), memo.purges)
    watch.now_s = 10
    assert memo.forget_expired() == 1
    assert (len(memo), memo.app_bytes("app")) == (1, memo.size_bytes)
    watch.now_s = 20
    assert memo.forget_expired() == 1
    assert (len(memo), memo.size_bytes) == (0, 0)


async def test_a_process_forgets_without_being_asked() -> None:
    watch = Watch()
    memo = Memo(100_000, monotonic_s=watch)
    memo.remember(key(), entry(until_s=10), memo.purges)
    async with forgetting(memo, 0.001):
        watch.now_s = 10
        async with asyncio.timeout(10):
            while len(memo):
                await asyncio.sleep(0.001)


def test_the_least_recently_used_goes_first_and_bytes_are_bounded() -> None:
    memo = Memo(40_000, app_share=1, monotonic_s=Watch())
    for digest in (b"1", b"2", b"3", b"4"):
        memo.remember(key(digest=digest), entry(10_000), memo.purges)
    assert memo.recall(key(digest=b"1")) is not None
    memo.remember(key(digest=b"5"), entry(10_000), memo.purges)
    assert memo.recall(key(digest=b"1")) is not None
    assert memo.recall(key(digest=b"2")) is None
    assert memo.size_bytes == 40_000
    assert memo.counts["app"].evictions == 1


def test_no_app_drives_out_the_others() -> None:
    memo = Memo(40_000, app_share=0.5, monotonic_s=Watch())
    memo.remember(key("small"), entry(10_000), memo.purges)
    for number in range(20):
        memo.remember(key("large", digest=bytes([number])), entry(10_000), memo.purges)
    assert memo.recall(key("small")) is not None
    assert len(memo) == 3


def test_an_answer_larger_than_an_apps_share_is_not_kept() -> None:
    memo = Memo(40_000, app_share=0.5, monotonic_s=Watch())
    memo.remember(key(), entry(20_001), memo.purges)
    assert len(memo) == 0


def test_a_purge_forgets_one_tenant_also_what_is_being_solved() -> None:
    memo = Memo(100_000, monotonic_s=Watch())
    begun = memo.purges
    memo.remember(key(tenant="a"), entry(), memo.purges)
    memo.remember(key(tenant="b"), entry(), memo.purges)
    memo.remember(key("other", tenant="a"), entry(), memo.purges)
    assert memo.purge("app", "a") == 1
    assert memo.recall(key(tenant="a")) is None
    assert memo.recall(key(tenant="b")) is not None
    assert memo.recall(key("other", tenant="a")) is not None
    memo.remember(key(tenant="a"), entry(), begun)
    assert memo.recall(key(tenant="a")) is None
    assert memo.purge("app") == 1


def test_equal_inputs_of_two_tenants_or_versions_are_not_equal_solves(registry: Registry) -> None:
    keys = MemoKeys(registry)
    debug = registry.resolve("sitefit", "sitefit", "1.1.0").contract
    stable = registry.resolve("sitefit", "sitefit", "1.0.0").contract
    mine = keys.key("sitefit", A, debug, {"value": 1, "w": 2})
    assert mine == keys.key("sitefit", A, debug, {"w": 2, "value": 1})
    others = [
        keys.key("sitefit", B, debug, {"value": 1, "w": 2}),
        keys.key("sitefit", None, debug, {"value": 1, "w": 2}),
        keys.key("sitefit", A, stable, {"value": 1, "w": 2}),
        keys.key("sitefit", A, debug, {"value": 2, "w": 2}),
    ]
    assert len({mine, *others}) == 5


def test_the_nearest_neighbour_is_in_time_and_of_the_same_neighbourhood() -> None:
    watch = Watch()
    memo = Memo(100_000, monotonic_s=watch)
    here = key(digest=b"here")
    for number, (place, until_s) in enumerate([(1.0, 50.0), (4.0, 50.0), (5.0, 5.0)]):
        near = Neighbourhood(here, (place,))
        kept = Remembered(b"x", str(place).encode(), until_s, near)
        memo.remember(key(digest=bytes([number])), kept, memo.purges)
    nearest = memo.nearest(Neighbourhood(here, (5.2,)))
    assert nearest is not None
    assert nearest.inputs == b"5.0"
    watch.now_s = 6
    nearest = memo.nearest(Neighbourhood(here, (5.2,)))
    assert nearest is not None
    assert nearest.inputs == b"4.0"
    assert memo.nearest(Neighbourhood(key(digest=b"there"), (5.2,))) is None
    memo.purge("app", "a")
    assert memo.nearest(Neighbourhood(here, (5.2,))) is None


@pytest.mark.parametrize(
    ("inputs", "snapped"),
    [
        ({"x": 0.26}, {"x": 0.3}),
        ({"x": 3}, {"x": 3}),
        ({"x": 0.04, "y": 0.04}, {"x": 0, "y": 0.04}),
        ({"x": "wide"}, {"x": "wide"}),
        ({}, {}),
        ({"x": True}, {"x": True}),
    ],
)
def test_numbers_with_a_step_move_to_the_nearest_multiple(inputs: dict, snapped: dict) -> None:
    steps = Preview(steps={"$.x": 0.1, "$.deep.z": 5}).steps
    sent = dict(inputs)
    assert snap(inputs, steps) == snapped
    assert inputs == sent


def test_neighbours_differ_in_nothing_but_their_steps() -> None:
    steps = {"$.x": 0.5, "$.r.max": 10.0}
    assert split_steps({"x": 2, "r": {"max": 30}, "c": 1}, steps) == (
        {"x": None, "r": {"max": None}, "c": 1},
        (3.0, 4.0),
    )
    assert split_steps({"c": 1}, steps) == ({"c": 1}, ())
