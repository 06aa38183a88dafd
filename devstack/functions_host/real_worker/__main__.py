"""Independent check: does Microsoft's own Python worker accept an app, and does a function answer?

Runs in an environment of its own, with Python 3.13 or later:

    python3.13 -m venv .venv313
    .venv313/bin/pip install azure-functions-runtime==1.3.0 -r requirements.txt
    .venv313/bin/python -m devstack.functions_host.real_worker APP_DIR

Exit codes: 0 good, 1 the worker refuses the app or the call failed, 2 usage.
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from devstack.functions_host.real_worker.worker import (
    HttpRequest,
    IndexedFunction,
    RealWorker,
    WorkerRefusalError,
)

_TEXT_TRIGGERS = {"orchestrationTrigger", "activityTrigger"}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m devstack.functions_host.real_worker",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("app", type=Path, help="folder of function_app.py")
    parser.add_argument("--json", action="store_true", help="list functions as JSON")
    parser.add_argument("--http", metavar="NAME", help="call this HTTP function instead")
    parser.add_argument("--method", default="GET")
    parser.add_argument("--path", default="/", help="path and query of the request")
    parser.add_argument("--route", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--header", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--body", default="")
    parser.add_argument(
        "--text", metavar="NAME", help="call this orchestrator or activity with standard input"
    )
    return parser


def _pairs(texts: list[str]) -> dict[str, str]:
    return {name: value for name, _, value in (text.partition("=") for text in texts)}


def _listing(functions: list[IndexedFunction]) -> str:
    lines: list[str] = []
    for function in functions:
        lines.append(function.name)
        for binding in function.bindings:
            rest = {k: v for k, v in binding.items() if k not in {"direction", "type", "name"}}
            head = f"    {binding['direction']:<4}{binding['type']:<22}{binding['name']:<12}"
            lines.append(head + (json.dumps(rest) if rest else ""))
    return "\n".join(lines)


def _request(options: argparse.Namespace) -> HttpRequest:
    url = urlsplit(f"http://localhost{options.path}")
    return HttpRequest(
        method=options.method,
        url=url.geturl(),
        headers={name.lower(): value for name, value in _pairs(options.header).items()},
        query=dict(parse_qsl(url.query)),
        params=_pairs(options.route),
        body=options.body.encode(),
    )


def _text(value: object) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


async def _run(options: argparse.Namespace) -> int:
    worker = RealWorker(options.app.resolve())
    try:
        functions = sorted(await worker.index(), key=lambda one: one.name.lower())
    except WorkerRefusalError as error:
        print(f"the worker refuses the app: {error}", file=sys.stderr)
        return 1
    wanted = options.http or options.text
    if wanted is None:
        named = [{"name": one.name, "bindings": one.bindings} for one in functions]
        title = f"azure-functions-runtime {worker.version}: {len(functions)} functions"
        print(json.dumps(named) if options.json else f"{title}\n{_listing(functions)}")
        return 0
    kinds = {"httpTrigger"} if options.http else _TEXT_TRIGGERS
    function = next((one for one in functions if one.name == wanted), None)
    if function is None or function.trigger["type"] not in kinds:
        print(f"no function {wanted} that is triggered so", file=sys.stderr)
        return 2
    if options.http:
        answer = await worker.invoke_http(function, _request(options))
    else:
        answer = await worker.invoke_text(function, await asyncio.to_thread(sys.stdin.read))
    print(json.dumps(answer, default=_text))
    return 0 if answer["ok"] else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(_run(_parser().parse_args())))
