"""`python -m delivery`: what pipelines do, one command each, as a person can do it too."""

import argparse
import json
import sys
from pathlib import Path

from delivery import checkout
from delivery.changes import Changes, changes_of, everything
from delivery.errors import DeliveryError
from delivery.package import write_package
from delivery.sign_in import read_account, sign_in
from delivery.smoke import Smoke, smoke
from delivery.stack_file import complete_stack_file


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code: 0 done, 1 failed, 2 it cannot mean anything here."""
    chosen = _parser().parse_args(arguments)
    try:
        _run(chosen)
    except DeliveryError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _run(chosen: argparse.Namespace) -> None:
    match chosen.command:
        case "changes":
            print("\n".join(_lines(_changes(chosen.env, chosen.since))))
        case "image":
            print(checkout.image_name())
        case "cost":
            _cost(writes=chosen.write)
        case "package":
            count = write_package(chosen.file)
            print(f"{chosen.file}: {count} files, {chosen.file.stat().st_size} bytes")
        case "stack-file":
            print(complete_stack_file(chosen.stack))
        case "sign-in":
            print(sign_in(read_account(sys.stdin.read())))
        case _:
            smoke(_smoke(chosen), print)


def _cost(*, writes: bool) -> None:
    from delivery.cost_tables import tables, write_page  # needs PyYAML, which only developers have

    if writes:
        write_page()
    else:
        print(tables(), end="")


def _changes(env: str, since: str | None) -> Changes:
    stamped = checkout.stamped_apps(env)
    paths = checkout.changed_paths(since) if since else None
    if paths is None:
        return everything(stamped)
    return changes_of(paths, env, stamped, checkout.contract_apps())


def _lines(changes: Changes) -> list[str]:
    """As a workflow's step writes its outputs: NAME=JSON."""
    return [
        f"migrations={json.dumps(changes.migrations)}",
        f"platform={json.dumps(changes.platform)}",
        f"apps={json.dumps(changes.apps)}",
    ]


def _smoke(chosen: argparse.Namespace) -> Smoke:
    file = chosen.token_file
    token = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    return Smoke(
        url=chosen.url,
        token=token.strip(),
        app_id=chosen.app,
        example=chosen.example,
        version=chosen.version,
        within_s=chosen.within,
        records=chosen.record,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m delivery", description=__doc__)
    found = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    changes = found.add_parser("changes", help="what changed files ask to deliver")
    changes.add_argument("--env", required=True, help="environment, as in dev")
    changes.add_argument(
        "--since", metavar="COMMIT", help="compare HEAD with it; without it, or unknown: everything"
    )
    found.add_parser("image", help="name of the AppServer's image of this commit")
    cost = found.add_parser("cost", help="what the environments cost a month, as in docs/cost.md")
    cost.add_argument("--write", action="store_true", help="put the tables into docs/cost.md")
    package = found.add_parser("package", help="write the function app's package")
    package.add_argument("file", type=Path, metavar="FILE.zip")
    stack = found.add_parser(
        "stack-file", help="give a stack's file its environment's secrets provider; print that"
    )
    stack.add_argument("stack", help="as in dev-sitefit")
    found.add_parser("sign-in", help="read an account (JSON) from standard input, print its token")
    _add_smoke(found.add_parser("smoke", help="one real job through a deployed app"))
    return parser


def _add_smoke(command: argparse.ArgumentParser) -> None:
    command.add_argument("--url", required=True, help="of the function app")
    command.add_argument("--app", required=True)
    command.add_argument(
        "--token-file", required=True, metavar="FILE", help="holds a bearer token; - is stdin"
    )
    command.add_argument("--example", help="a file of examples/valid (default: the golden one)")
    command.add_argument("--version", help="of the contract (default: the golden one)")
    command.add_argument(
        "--within", type=float, default=600, metavar="SECONDS", help="for start and job, each"
    )
    command.add_argument("--record", action="store_true", help="keep the outputs as golden")


if __name__ == "__main__":
    sys.exit(main())
