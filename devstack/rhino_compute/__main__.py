"""`python -m devstack.rhino_compute`: speaks Rhino.Compute's protocol, without Rhino."""

import signal
import sys
import threading
from functools import partial
from types import FrameType

from devstack.rhino_compute.child_process import ChildProcess
from devstack.rhino_compute.children import ComputeChildren
from devstack.rhino_compute.log import log_line
from devstack.rhino_compute.options import parse_options
from devstack.rhino_compute.parent import ParentServer

PORT_TAKEN = 2


def main() -> int:
    """Serve until SIGTERM or Ctrl-C; 2 when the port is taken."""
    options = parse_options()
    children = ComputeChildren(partial(ChildProcess, options.child), options.child_count)
    try:
        server = ParentServer(options.port, options.parent, children)
    except OSError as error:
        sys.stderr.write(f"port {options.port} cannot be used: {error.strerror}\n")
        return PORT_TAKEN
    _stop_on_signals(server)
    children.watch(options.idle_span_s)
    if options.spawns_on_startup:
        children.begin()
    print(f"ready 127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever(poll_interval=0.05)
    finally:
        children.stop()
        server.socket.close()
    log_line("stopped")
    return 0


def _stop_on_signals(server: ParentServer) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        # shutdown() waits for the loop this signal interrupts, hence the thread.
        threading.Thread(target=server.shutdown).start()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)


if __name__ == "__main__":
    sys.exit(main())
