#!/usr/bin/env python3
"""
UtilCRM on this machine, with nothing but Python 3.11.

    python3 run.py                 bring everything up; Ctrl-C stops it
    python3 run.py test [...]      every check and test, or pytest with the arguments given
    python3 run.py status [--json] where everything is, and who may log in
    python3 run.py stop            stop what another terminal brought up
    python3 run.py manage ...      a Django management command
    python3 run.py bench NAME ...  a measurement, on a database of its own
    python3 run.py logs [NAME]     follow the logs
    python3 run.py lock            write the locks of packages anew
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys

from ops import bringing_up, checking, running
from ops.commands import CommandFailed
from ops.locks import Busy
from ops.postgres import PostgresFailed
from ops.redis import RedisFailed
from ops.supervisor import ServiceFailed

_WANTED_PYTHON = (3, 11)


def _python_or_exit() -> None:
    """Go on with the Python that the locks are made for, or say which one that is."""
    if sys.version_info[:2] == _WANTED_PYTHON:
        return
    name = "python{}.{}".format(*_WANTED_PYTHON)
    other = shutil.which(name)
    if other is None:
        sys.exit(f"UtilCRM needs {name}; this is {sys.version.split()[0]}.")
    os.execv(other, [other, *sys.argv])  # noqa: S606 - found on the PATH, arguments are ours


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    up = commands.add_parser("up", help="bring everything up (the default)")
    up.add_argument("--port", type=int, help="of the web server; the next free one if taken")
    status = commands.add_parser("status", help="where everything is")
    status.add_argument("--json", action="store_true", help="for scripts")
    commands.add_parser("stop", help="stop what runs")
    commands.add_parser("lock", help="write the locks anew")
    logs = commands.add_parser("logs", help="follow the logs")
    logs.add_argument("names", nargs="*")
    # These hand everything on, options included; see main().
    commands.add_parser("test", help="check and test everything")
    commands.add_parser("manage", help="a management command")
    commands.add_parser("bench", help="a measurement")
    return parser.parse_args()


def _dispatch(given: argparse.Namespace) -> int:
    if given.command == "status":
        return running.status(as_json=given.json)
    if given.command == "stop":
        return running.stop()
    if given.command == "logs":
        return running.follow_logs(given.names)
    if given.command == "lock":
        return running.lock()
    return bringing_up.up(web_port=getattr(given, "port", None))


def main() -> int:
    """Run one command and return the exit code."""
    _python_or_exit()
    handing_on = {"test": checking.check, "manage": running.manage, "bench": running.bench}
    try:
        if len(sys.argv) > 1 and sys.argv[1] in handing_on:
            return handing_on[sys.argv[1]](sys.argv[2:])
        return _dispatch(_arguments())
    except Busy as exc:
        print(f"already running: process {exc}; see python3 run.py status", file=sys.stderr)
    except (CommandFailed, PostgresFailed, RedisFailed, ServiceFailed) as exc:
        print(f"\n{exc}", file=sys.stderr)
    except KeyboardInterrupt:
        print(file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
