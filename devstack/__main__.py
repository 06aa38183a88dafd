"""`python -m devstack`: the whole platform on one machine, no cloud, no Docker, no Rhino."""

import argparse
import sys
from pathlib import Path

from devstack import commands
from devstack.errors import DevstackError
from devstack.settings import DEFAULT_ROOT, StackSettings, served_apps
from devstack.signals import StopRequested, raise_on_signals
from devstack.terminal import complain
from devstack.tokens import DEFAULT_TTL_S, TokenRequest, parse_tenant


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code: 0 done, 1 failed, 2 it cannot mean anything here."""
    chosen = _parser().parse_args(arguments)
    raise_on_signals()
    try:
        return _run(chosen)
    except DevstackError as error:
        complain(str(error))
        return error.exit_code
    except StopRequested as stop:
        complain("stopped by a signal")
        return stop.exit_code


def _run(chosen: argparse.Namespace) -> int:
    root = Path(chosen.root).resolve()
    match chosen.command:
        case "up":
            return commands.up(StackSettings.read(root, chosen.port))
        case "run":
            return commands.run(
                StackSettings.read(root, chosen.port), chosen.app, chosen.example, chosen.version
            )
        case "token":
            return commands.token(StackSettings.read(root), _token_request(chosen))
        case _:
            return _ask_running(root, chosen)


def _ask_running(root: Path, chosen: argparse.Namespace) -> int:
    match chosen.command:
        case "down":
            return commands.down(root)
        case "status":
            return commands.status(root, as_json=chosen.json)
        case "orchestrations":
            return commands.orchestrations(
                root, chosen.status, history_of=chosen.history, as_json=chosen.json
            )
        case "top":
            return commands.top(root, once=chosen.once, as_json=chosen.json)
        case _:
            return commands.env(root)


def _token_request(chosen: argparse.Namespace) -> TokenRequest:
    return TokenRequest(
        tenant_id=parse_tenant(chosen.tenant),
        apps=served_apps() if chosen.apps is None else chosen.apps.split(","),
        is_operator=chosen.role == "operator",
        ttl_s=chosen.ttl,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m devstack", description=__doc__)
    found = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument(
        "--root", default=DEFAULT_ROOT, help="folder of data, logs and secrets (%(default)s)"
    )
    ports = argparse.ArgumentParser(add_help=False)
    ports.add_argument(
        "--port",
        action="append",
        default=[],
        metavar="NAME=N",
        help="another port for a part, as in functions=7072; may be repeated",
    )
    found.add_parser("up", parents=[where, ports], help="serve until Ctrl-C")
    run = found.add_parser("run", parents=[where, ports], help="send one example and show it")
    run.add_argument("--app", default="sitefit")
    run.add_argument("--example", default="minimal", help="a file of examples/valid, no suffix")
    run.add_argument("--version", help="of the contract (default: the highest stable one)")
    found.add_parser("down", parents=[where], help="stop the running stack")
    status = found.add_parser("status", parents=[where], help="what runs; 0 when all is up")
    status.add_argument("--json", action="store_true")
    top = found.add_parser("top", parents=[where], help="queues, jobs, seats, latency")
    top.add_argument("--once", action="store_true", help="one look instead of one each second")
    top.add_argument("--json", action="store_true")
    durable = found.add_parser("orchestrations", parents=[where], help="Durable instances, or one")
    durable.add_argument("--status", metavar="A,B", default="", help="only those, as in Running")
    durable.add_argument("--history", metavar="ID", help="print the history of one, for replays")
    durable.add_argument("--json", action="store_true")
    found.add_parser("env", parents=[where], help="settings of the running stack, KEY=VALUE")
    _add_token(found.add_parser("token", parents=[where], help="print a development token"))
    return parser


def _add_token(token: argparse.ArgumentParser) -> None:
    token.add_argument("--tenant", required=True, metavar="UUID")
    token.add_argument("--apps", metavar="A,B", help="default: every served app")
    token.add_argument("--role", choices=["operator"])
    token.add_argument("--ttl", type=int, default=DEFAULT_TTL_S, metavar="SECONDS")


if __name__ == "__main__":
    sys.exit(main())
