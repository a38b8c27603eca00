"""No test talks to the outside: only loopback and unix sockets."""

from __future__ import annotations

import ipaddress
import sys


class OutsideWorld(RuntimeError):
    """A test tried to connect to a machine that is not this one."""


def _refuse_outside(event: str, arguments: tuple[object, ...]) -> None:
    if event != "socket.connect":
        return
    address = arguments[1]
    if not isinstance(address, tuple):
        return  # a unix socket
    host = str(address[0])
    try:
        is_here = ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        is_here = host == "localhost"
    if not is_here:
        raise OutsideWorld(f"A test tried to reach {address}. Use the sandbox.")


def guard() -> None:
    """Refuse, from now on and for good, every connection that leaves this machine."""
    sys.addaudithook(_refuse_outside)
