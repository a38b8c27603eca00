"""Start the sandbox register: `python -m sandbox.register --port 8103 --data var/sandbox`.

The first line on stdout is `LISTENING <port>`.
"""

import argparse
import os
import signal
import sys
import threading
from datetime import date
from pathlib import Path

from sandbox.faults import Faults
from sandbox.http import Server
from sandbox.register.application import KINDS_OF_FAULT, Application, Service
from sandbox.register.cim.service import CimService
from sandbox.register.clients import PARTIES
from sandbox.register.control import Control
from sandbox.register.hub import Hub
from sandbox.register.posf.service import PosfService
from sandbox.register.queue import Settings
from sandbox.register.tokens import Tokens


def _arguments() -> argparse.Namespace:
    environ = os.environ
    parser = argparse.ArgumentParser(prog="python -m sandbox.register", description=__doc__)
    parser.add_argument("--port", type=int, default=8103, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--data", type=Path, default=Path(environ.get("SANDBOX_DATA", "var/sandbox"))
    )
    parser.add_argument("--book", type=Path, help="folder of the ERP's books (default: DATA/erp)")
    parser.add_argument("--delay", type=float, default=0.6, help="seconds until an answer is out")
    parser.add_argument("--today", type=date.fromisoformat, help="the day it is (default: is)")
    parser.add_argument(
        "--password", default=environ.get("SANDBOX_REGISTER_PASSWORD", "register-secret")
    )
    return parser.parse_args()


def make(arguments: argparse.Namespace) -> tuple[Server, Control]:
    """Return a register that listens as soon as it is started."""
    faults = Faults(KINDS_OF_FAULT)
    settings = Settings(arguments.delay, faults)
    fixed = arguments.today
    hubs = {
        code: Hub(
            party,
            arguments.data / "register",
            book=arguments.book or arguments.data / "erp",
            settings=settings,
            today=(lambda: fixed) if fixed else party.today,
        )
        for code, party in PARTIES.items()
    }
    services: dict[tuple[str, str], Service] = {}
    for code, hub in hubs.items():
        services["posf", code] = PosfService(hub, Tokens(code, arguments.password))
        services["cim", code] = CimService(hub, Tokens(code, arguments.password))
    control = Control(hubs, settings, faults)
    server = Server(
        Application(services, hubs, control, faults), port=arguments.port, host=arguments.host
    )
    control.server = server
    return server, control


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    server, _control = make(_arguments())
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_ignored: stopped.set())
    sys.stdout.write(f"LISTENING {server.start()}\n")
    sys.stdout.flush()
    stopped.wait()
    server.stop()


if __name__ == "__main__":
    main()
