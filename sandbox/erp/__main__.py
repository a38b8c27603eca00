"""Start the sandbox ERP: `python -m sandbox.erp --port 8100 --book var/erp --callback URL`.

The first line on stdout is `LISTENING <port>`. Books that do not exist yet are made in the
background; calls to a client wait until its book is there.
"""

import argparse
import os
import signal
import sys
import threading
from datetime import date
from pathlib import Path

from sandbox.erp import pages
from sandbox.erp.clients import CLIENTS
from sandbox.erp.control import Control
from sandbox.erp.engine import Engine
from sandbox.erp.service import KINDS_OF_FAULT, Service
from sandbox.erp.settings import Settings
from sandbox.faults import Faults
from sandbox.http import Request, Response, Server


def _counts(text: str) -> dict[str, int]:
    """Read `unified=10000,nordlicht=1000`."""
    pairs = (entry.split("=") for entry in text.split(",") if entry)
    return {code.strip(): int(count) for code, count in pairs}


def _arguments() -> argparse.Namespace:
    environ = os.environ
    parser = argparse.ArgumentParser(prog="python -m sandbox.erp", description=__doc__)
    parser.add_argument("--port", type=int, default=8100, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--control-port",
        type=int,
        help="control API on a second port, reachable while connections are refused",
    )
    parser.add_argument("--book", type=Path, default=Path("var/erp"), help="folder of the books")
    parser.add_argument("--callback", default="http://127.0.0.1:8000", help="base URL of the CRM")
    parser.add_argument("--clients", default=",".join(CLIENTS), help="comma-separated")
    parser.add_argument("--customers", type=_counts, default={}, help="unified=10000,havn=1000")
    parser.add_argument("--step-delay", type=float, default=0.6, help="seconds of work a step")
    parser.add_argument("--today", type=date.fromisoformat, help="the day it is (default: is)")
    parser.add_argument("--user", default=environ.get("SANDBOX_ERP_USER", "erp"))
    parser.add_argument("--password", default=environ.get("SANDBOX_ERP_PASSWORD", "erp-secret"))
    parser.add_argument("--callback-user", default=environ.get("SANDBOX_CRM_USER", "crm"))
    parser.add_argument(
        "--callback-password", default=environ.get("SANDBOX_CRM_PASSWORD", "crm-secret")
    )
    arguments = parser.parse_args()
    unknown = {*arguments.clients.split(","), *arguments.customers} - set(CLIENTS)
    if unknown:
        parser.error(f"unknown client {', '.join(sorted(unknown))}")
    return arguments


def _start_all(engines: list[Engine]) -> None:
    """Open the books one after the other, the first client first."""
    for engine in engines:
        engine.start()


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    arguments = _arguments()
    arguments.book.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        callback=arguments.callback,
        step_delay=arguments.step_delay,
        user=arguments.user,
        password=arguments.password,
        callback_user=arguments.callback_user,
        callback_password=arguments.callback_password,
    )
    faults = Faults(KINDS_OF_FAULT)
    fixed = arguments.today
    engines = {
        code: Engine(
            CLIENTS[code],
            arguments.book,
            settings=settings,
            faults=faults,
            today=(lambda: fixed) if fixed else None,
            customers=arguments.customers.get(code),
        )
        for code in arguments.clients.split(",")
    }
    service = Service(engines, settings, faults)
    control = Control(engines, settings, faults)

    def answer(request: Request) -> Response:
        if request.path.startswith("/control/"):
            return control.answer(request)
        match request.path.strip("/").split("/"):
            case ["erp", client, "soap"]:
                return service.answer(client, request)
            case [""]:
                page = pages.overview(list(engines.values()), settings, faults)
                return Response(200, page, "text/html; charset=utf-8")
        return Response(404, b"not found")

    server = control.server = Server(answer, port=arguments.port, host=arguments.host)
    sys.stdout.write(f"LISTENING {server.start()}\n")
    if arguments.control_port is not None:
        second = Server(answer, port=arguments.control_port, host=arguments.host)
        sys.stdout.write(f"CONTROL {second.start()}\n")
    sys.stdout.flush()
    threading.Thread(target=_start_all, args=(list(engines.values()),), daemon=True).start()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_ignored: stopped.set())
    stopped.wait()
    server.stop()


if __name__ == "__main__":
    main()
