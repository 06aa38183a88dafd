"""`python -m devstack.rhino_compute`: speaks Rhino.Compute's protocol, without Rhino."""

import argparse
import importlib
import os
import signal
import sys
import threading
from types import FrameType

from devstack.rhino_compute.engine import Engine
from devstack.rhino_compute.log import log_line
from devstack.rhino_compute.rhino_geometry.modules import install_modules
from devstack.rhino_compute.server import ComputeServer

PORT_TAKEN = 2
PRELOADED = ("numpy",)  # as plugins on the real machine: no solve pays for the import


def main() -> int:
    """Serve until SIGTERM or Ctrl-C; 2 when the port is taken."""
    arguments = _parse_arguments()
    install_modules()
    for name in PRELOADED:
        importlib.import_module(name)
    engine = Engine(sticky_inputs=arguments.sticky_inputs)
    api_key = os.environ.get("RHINO_COMPUTE_KEY", "")
    try:
        server = ComputeServer(arguments.port, api_key, engine)
    except OSError as error:
        sys.stderr.write(f"port {arguments.port} cannot be used: {error.strerror}\n")
        return PORT_TAKEN
    _stop_on_signals(server)
    print(f"ready 127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever(poll_interval=0.05)
    server.socket.close()
    log_line("stopped")
    return 0


def _stop_on_signals(server: ComputeServer) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        # shutdown() waits for the loop this signal interrupts, hence the thread.
        threading.Thread(target=server.shutdown).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m devstack.rhino_compute",
        description="A local server with Rhino.Compute's wire protocol. It evaluates contextual "
        "inputs, sliders, panels, plain parameters, arithmetic, Python 3 scripts and context "
        "outputs; any other component is refused. RHINO_COMPUTE_KEY sets the API key.",
    )
    parser.add_argument("--port", type=int, required=True, help="0 picks a free port")
    parser.add_argument(
        "--sticky-inputs",
        action="store_true",
        help="keep the last value of inputs a request leaves out, as the real server does",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
