"""Parts start in order, a crash is reported, everything stops; with real processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from devstack.component import Component
from devstack.errors import CrashError, StartError, UsageError
from devstack.supervisor import Supervisor
from tests.integration.devstack.processes import STUBBORN, WAITING, alive, part, python
from tests.integration.devstack.processes import wait_until as wait

CRASHING = "print('first words'); print('the disk is full'); raise SystemExit(3)"


class Family:
    """A supervisor whose announcements are kept."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.changes = 0
        self.supervisor = Supervisor([], self.lines.append, self._count)

    def of(self, *parts: Component) -> Supervisor:
        self.supervisor = Supervisor(parts, self.lines.append, self._count)
        return self.supervisor

    def _count(self) -> None:
        self.changes += 1


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    found = Family()
    yield found
    found.supervisor.stop_all()
    assert alive(tmp_path) == []


def test_parts_start_after_those_they_need(family: Family, tmp_path: Path) -> None:
    order: list[str] = []
    parts = [
        part(python("app", WAITING, tmp_path), "made", prepare=lambda: order.append("app")),
        part(
            python("made", "print('made')", tmp_path),
            "store",
            prepare=lambda: order.append("made"),
            ends=True,
        ),
        part(python("store", WAITING, tmp_path), probe=None, prepare=lambda: order.append("store")),
    ]
    supervisor = family.of(*parts)
    supervisor.start_all(20)
    assert order == ["store", "made", "app"]
    assert set(supervisor.children) == {"store", "app"}
    assert [line.split()[:2] for line in family.lines] == [
        ["store", "ready"],
        ["made", "done"],
        ["app", "ready"],
    ]
    supervisor.check()
    supervisor.stop_all()
    assert supervisor.children == {}


def test_a_part_that_ends_while_starting_is_a_crash(family: Family, tmp_path: Path) -> None:
    waits = part(python("waits", WAITING, tmp_path))
    crashes = part(python("crashes", CRASHING, tmp_path), probe=lambda: "no answer")
    with pytest.raises(CrashError) as caught:
        family.of(waits, crashes).start_all(20)
    text = str(caught.value)
    assert text.startswith("crashes ended by itself with exit code 3")
    assert "  the disk is full" in text
    assert str(tmp_path / "crashes.log") in text


def test_a_migration_that_fails_is_a_crash(family: Family, tmp_path: Path) -> None:
    with pytest.raises(CrashError, match="the disk is full"):
        family.of(part(python("migrate", CRASHING, tmp_path), ends=True)).start_all(20)


def test_a_later_crash_is_noticed(family: Family, tmp_path: Path) -> None:
    supervisor = family.of(part(python("server", WAITING, tmp_path), probe=None))
    supervisor.start_all(20)
    supervisor.check()
    supervisor.children["server"].signal_stop()
    with pytest.raises(CrashError, match=r"server ended by itself with exit code -15"):
        wait(supervisor.check, "the crash")


def test_a_part_that_is_never_ready_is_named_with_the_reason(
    family: Family, tmp_path: Path
) -> None:
    mute = part(python("mute", STUBBORN, tmp_path), probe=lambda: "port 9: refused")
    with pytest.raises(StartError, match=r"(?s)not ready after 0\.5 s:.*mute: port 9: refused"):
        family.of(mute).start_all(0.5)


def test_one_part_can_be_killed_and_started_again(family: Family, tmp_path: Path) -> None:
    store = part(python("store", WAITING, tmp_path), probe=None)
    app = part(python("app", WAITING, tmp_path), "store", probe=None)
    supervisor = family.of(store, app)
    supervisor.start_all(20)
    before = supervisor.children["store"].pid
    supervisor.kill("store")
    supervisor.check()  # wanted, so no crash; the other part goes on
    assert set(supervisor.children) == {"app"}
    supervisor.start("store")
    assert supervisor.children["store"].pid != before
    supervisor.stop("store")
    with pytest.raises(UsageError, match="app: unknown or running"):
        supervisor.start("app")


def test_what_was_started_last_is_stopped_first(family: Family, tmp_path: Path) -> None:
    told = "import signal,time; print('ready', flush=True); signal.sigwait([signal.SIGTERM])"
    stamped = told + "; open('order','a').write(NAME)"
    block = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK,[signal.SIGTERM]);"
    parts = [
        part(python(name, f"{block} NAME={name!r}; {stamped}", tmp_path), *after, probe=None)
        for name, after in (("a", ()), ("b", ("a",)), ("c", ("b",)))
    ]
    supervisor = family.of(*parts)
    supervisor.start_all(20)
    supervisor.stop_all()
    assert (tmp_path / "order").read_text() == "cba"


def test_a_part_outlives_those_that_came_after_it_by_way_of_one_that_has_ended(
    family: Family, tmp_path: Path
) -> None:
    block = "import signal,time; signal.pthread_sigmask(signal.SIG_BLOCK,[signal.SIGTERM]);"
    told = "print('ready', flush=True); signal.sigwait([signal.SIGTERM]); time.sleep(SLOW)"
    noted = f"{told}; open('order','a').write(NAME)"
    parts = [
        part(python("store", f"{block} NAME='s'; SLOW=0; {noted}", tmp_path), probe=None),
        part(python("made", "print('made')", tmp_path), "store", ends=True),
        part(python("app", f"{block} NAME='a'; SLOW=0.3; {noted}", tmp_path), "made", probe=None),
    ]
    supervisor = family.of(*parts)
    supervisor.start_all(20)
    supervisor.stop_all()
    assert (tmp_path / "order").read_text() == "as"
