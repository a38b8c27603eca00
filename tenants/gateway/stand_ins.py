"""Ask a stand-in of the outside world how it is, and tell it to misbehave."""

from __future__ import annotations

from typing import Any

import requests
from django.conf import settings

from utilcrm import outbound

_TIMEOUT = (2, 5)
_WITHIN = 10
_AT_MOST = 1024 * 1024


class StandInAway(Exception):
    """The stand-in does not answer, or does not take what it was told; its words if it has any."""


class StandIn:
    """One stand-in by its name, as ``settings.STAND_IN_CONTROLS`` lists them."""

    def __init__(self, name: str) -> None:
        """:raises KeyError: if there is no such stand-in here"""
        self._address = f"{settings.STAND_IN_CONTROLS[name].rstrip('/')}/control/"

    def kinds(self) -> list[str]:
        """
        Return the ways in which it can misbehave.

        :raises StandInAway: if it does not answer
        """
        return list(self._call("GET", "health").get("faults", []))

    def faults(self, client: str) -> list[dict[str, Any]]:
        """
        Return the faults that strike a client now.

        :raises StandInAway: if it does not answer
        """
        return [fault for fault in self._call("GET", "faults") if fault["client"] == client]

    def add(self, fault: dict[str, Any]) -> None:
        """
        Let it misbehave.

        :raises StandInAway: if it does not answer, or does not know the fault
        """
        self._call("POST", "faults", [fault])

    def clear(self, client: str) -> None:
        """
        Let it behave well again towards a client.

        :raises StandInAway: if it does not answer
        """
        self._call("DELETE", f"faults?client={client}")

    def _call(self, method: str, name: str, body: Any = None) -> Any:
        try:
            answer = outbound.call(
                outbound.walled_session(),
                method,
                self._address + name,
                timeout=_TIMEOUT,
                within=_WITHIN,
                at_most=_AT_MOST,
                json=body,
            )
            content = answer.json()
        except (requests.RequestException, outbound.AnswerTooLong, ValueError) as error:
            raise StandInAway(str(error)) from error
        if answer.status_code >= 400:
            raise StandInAway(str(content.get("error", answer.status_code)))
        return content
