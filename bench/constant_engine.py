"""An engine that costs nothing: it answers every solve alike, and canaries rightly.

    .venv/bin/python -m bench.constant_engine PORT

Speaks as much of Rhino.Compute's protocol as an AppServer asks for, so that what is measured in
front of it is the AppServer. It describes each definition as that of sitefit 1.1.0.
"""

import asyncio
import json
import sys
from typing import cast

import uvloop

ANSWER = 42.0
CANARY = "kuduso_canary"
# As a child of Rhino.Compute tells it: McNeel's AppServer reads it.
HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
    b"server-timing: decode;dur=0, solve;dur=0, encode;dur=0\r\ncontent-length: %d\r\n\r\n"
)


def answer_of(path: bytes, body: bytes) -> bytes:
    match path:
        case b"/grasshopper" if CANARY.encode() in body:
            return solved(f"{CANARY}_answer", canary_sum(body))
        case b"/grasshopper":
            return solved("result", ANSWER)
        case b"/io":
            return json.dumps(
                {
                    "Inputs": [{"Name": "value", "ParamType": "Number"}],
                    "Outputs": [{"Name": "result", "ParamType": "Number"}],
                }
            ).encode()
        case b"/version":
            return b'{"rhino":"8.0","compute":"8.0.0.0","git_sha":null}'
        case _:
            return b"{}"


def canary_sum(body: bytes) -> float:
    [tree] = json.loads(body)["values"]
    [[value]] = tree["InnerTree"].values()
    return float(value["data"]) + 10


def solved(parameter: str, value: float) -> bytes:
    leaf = {"type": "System.Double", "data": str(value)}
    tree = {"ParamName": parameter, "InnerTree": {"{0}": [leaf]}}
    document = {"dataversion": 7, "modelunits": "Meters", "values": [tree]}
    return json.dumps(document).encode()


class Conversation(asyncio.Protocol):
    """One kept-alive connection; requests follow one another."""

    def __init__(self) -> None:
        self._read = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep it to answer on."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass

    def data_received(self, data: bytes) -> None:
        """Answer a request that is complete."""
        self._read += data
        head, ended, rest = self._read.partition(b"\r\n\r\n")
        length = content_length(head)
        if not ended or len(rest) < length:
            return
        self._read = rest[length:]
        content = answer_of(head.split(b" ", 2)[1], rest[:length])
        assert self._transport is not None
        self._transport.write(HEAD % len(content) + content)


def content_length(head: bytes) -> int:
    place = head.lower().find(b"\r\ncontent-length:")
    return 0 if place < 0 else int(head[place + 17 :].partition(b"\r\n")[0])


async def serve(port: int) -> None:
    loop = asyncio.get_running_loop()
    async with await loop.create_server(Conversation, "127.0.0.1", port) as server:
        print(f"ready {server.sockets[0].getsockname()[1]}", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
