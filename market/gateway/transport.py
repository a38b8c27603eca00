"""HTTP to a register, and what each way in which it can fail means for a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import requests
from django.utils.translation import gettext as _

from market.gateway.failures import FailureKind, RegisterFailure
from utilcrm import outbound

MAX_ANSWER_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """What came back, read in full."""

    status: int
    content_type: str
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """
    Calls below one address. Seconds to connect and seconds for an answer as a whole.

    Not shared between threads.
    """

    def __init__(self, base: str, *, connect_timeout: float, read_timeout: float) -> None:
        self._base = base.rstrip("/")
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._session = outbound.walled_session()

    def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """
        Return the answer whatever its status is.

        :raises RegisterFailure: if there is none: NOT_APPLIED when no connection came about,
            UNKNOWN when it broke off, took too long or brought too much
        """
        try:
            answer = outbound.call(
                self._session,
                method,
                f"{self._base}{path}",
                timeout=(self._connect_timeout, self._read_timeout),
                within=self._connect_timeout + self._read_timeout,
                at_most=MAX_ANSWER_BYTES,
                params=dict(params or {}),
                data=body,
                headers=dict(headers or {}),
            )
        except outbound.AnswerTooLong as exc:
            raise RegisterFailure(FailureKind.UNKNOWN, _("The answer is too long.")) from exc
        except requests.RequestException as exc:
            raise _failure(exc) from exc
        except ValueError as exc:
            raise RegisterFailure(
                FailureKind.NOT_APPLIED, _("The address of the register is not valid.")
            ) from exc
        return Answer(
            status=answer.status_code,
            content_type=answer.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
            headers=answer.headers,
            body=answer.content,
        )


def of_status(answer: Answer) -> RegisterFailure:
    """Return what a status stands for that is no answer of the register's own language."""
    status = answer.status
    if status in {401, 403}:
        return RegisterFailure(FailureKind.NOT_APPLIED, _("The register refuses our log-in."))
    if status in {404, 405} or 300 <= status < 400:
        return RegisterFailure(
            FailureKind.NOT_APPLIED,
            _("No register answers at that address (HTTP %(status)s).") % {"status": status},
        )
    if status == 413:
        return RegisterFailure(FailureKind.REFUSED, _("The message is too long."), reached=True)
    if status in {429, 503}:
        return RegisterFailure(
            FailureKind.NOT_APPLIED,
            _("The register asks us to come later (HTTP %(status)s).") % {"status": status},
            reached=status == 429,
        )
    return RegisterFailure(
        FailureKind.UNKNOWN, _("The register answered with HTTP %(status)s.") % {"status": status}
    )


def expect_xml(answer: Answer) -> None:
    """
    Let only what calls itself XML be taken for a document of a queue.

    A page of a proxy on the way is a failure of the way; it is not a broken document of ours.

    :raises RegisterFailure: if it calls itself something else
    """
    if answer.content_type not in {"application/xml", "text/xml"}:
        raise not_understood(answer.content_type[:80])


def not_understood(text: str) -> RegisterFailure:
    """Return the failure for an answer that is not in the register's language."""
    return RegisterFailure(
        FailureKind.UNKNOWN,
        _("The answer of the register cannot be read: %(why)s") % {"why": text},
    )


def _failure(exc: Exception) -> RegisterFailure:
    if isinstance(exc, requests.ConnectTimeout):
        return RegisterFailure(FailureKind.NOT_APPLIED, _("The register does not pick up."))
    if isinstance(exc, requests.exceptions.SSLError):
        return RegisterFailure(FailureKind.NOT_APPLIED, _("No secure connection could be made."))
    if isinstance(exc, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return RegisterFailure(
            FailureKind.NOT_APPLIED, _("The address of the register is not valid.")
        )
    if outbound.never_connected(exc):
        return RegisterFailure(FailureKind.NOT_APPLIED, _("The register refuses the connection."))
    if isinstance(exc, requests.Timeout):
        return RegisterFailure(FailureKind.UNKNOWN, _("The register did not answer in time."))
    return RegisterFailure(FailureKind.UNKNOWN, _("The connection to the register broke off."))
