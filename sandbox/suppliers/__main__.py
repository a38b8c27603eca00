"""`python -m sandbox.suppliers --port 8105`."""

import argparse
import os
import signal
import threading
from pathlib import Path

from sandbox.faults import Faults
from sandbox.http import Server
from sandbox.suppliers.desk import Desk
from sandbox.suppliers.service import KINDS, Service


def main() -> None:
    """Run until told to stop."""
    environ = os.environ
    parser = argparse.ArgumentParser(prog="sandbox.suppliers", description=__doc__)
    parser.add_argument("--port", type=int, default=8105, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--user", default=environ.get("SANDBOX_SUPPLIERS_USER", "buyer"))
    parser.add_argument(
        "--password", default=environ.get("SANDBOX_SUPPLIERS_PASSWORD", "buyer-secret")
    )
    parser.add_argument(
        "--data", type=Path, default=Path(environ.get("SANDBOX_DATA", "var/sandbox"))
    )
    arguments = parser.parse_args()
    service = Service(
        Desk(arguments.data / "suppliers.jsonl"),
        Faults(KINDS),
        user=arguments.user,
        password=arguments.password,
    )
    server = Server(service, port=arguments.port, host=arguments.host)
    print(f"LISTENING {server.start()}", flush=True)  # noqa: T201 - for its parent
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
    server.stop()


if __name__ == "__main__":
    main()
