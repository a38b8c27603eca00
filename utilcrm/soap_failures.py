"""What a call by SOAP that did not succeed stands for: one of four classes."""

from __future__ import annotations

import enum

import requests
from django.utils.translation import gettext as _
from lxml import etree
from zeep.exceptions import Fault, TransportError

from utilcrm import outbound

_NO_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
)


class FailureKind(enum.Enum):
    """The four classes of errors; only the first two are tried again by themselves."""

    NOT_APPLIED = "not applied for sure"
    UNKNOWN = "may have been applied"
    REFUSED = "understood and refused"
    # as NOT_APPLIED, said by the other side itself
    LATER = "asked to come later"


class SoapFailure(Exception):
    """A call that did not succeed; ``text`` is fit for people, ``code`` for programs."""

    def __init__(self, kind: FailureKind, text: str, *, code: str = "", field: str = "") -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.code = code
        self.field = field


def of_own_message(exc: Exception) -> SoapFailure:
    """Return the failure that an exception stands for while our own message is built, not sent."""
    if isinstance(exc, SoapFailure):
        return exc
    path = ".".join(str(part) for part in getattr(exc, "path", None) or ())
    text = str(exc)
    if isinstance(exc, ValueError):
        # lxml about control characters, whose words tell nobody anything
        text = _("The message contains characters that cannot be sent.")
    return SoapFailure(FailureKind.REFUSED, text, code="MESSAGE_INVALID", field=path)


def classified(exc: Exception) -> SoapFailure:
    """Return the failure that an exception stands for once a message may have been sent."""
    if isinstance(exc, SoapFailure):
        return exc
    if isinstance(exc, Fault):
        return _of_fault(exc)
    if isinstance(exc, TransportError):
        return _of_status(exc)
    if isinstance(exc, requests.RequestException):
        return _of_request(exc)
    return SoapFailure(FailureKind.UNKNOWN, f"{type(exc).__name__}: {exc}")


def _of_fault(fault: Fault) -> SoapFailure:
    """Only a fault with the agreed detail is an answer; a proxy's HTML page looks like one too."""
    detail = fault.detail
    identity = text = ""
    if isinstance(detail, etree._Element):
        identity = next((e.text or "" for e in detail.iter("{*}id")), "")
        text = next((e.text or "" for e in detail.iter("{*}text")), "")
    if not identity:
        return SoapFailure(
            FailureKind.UNKNOWN, _("The answer is a failure of the way there, not of the message.")
        )
    kind = FailureKind.LATER if identity == "TEMPORARY_ERROR" else FailureKind.REFUSED
    return SoapFailure(kind, text or str(fault.message), code=identity)


def _of_status(exc: TransportError) -> SoapFailure:
    status = exc.status_code
    if status == 401:
        return SoapFailure(FailureKind.NOT_APPLIED, _("The other side refuses our log-in."))
    if status == 404:
        return SoapFailure(FailureKind.NOT_APPLIED, _("Nobody answers at that address (HTTP 404)."))
    if status == 413:
        return SoapFailure(FailureKind.REFUSED, _("The message is too long."), code="TOO_LONG")
    if status == 200:
        return SoapFailure(FailureKind.UNKNOWN, _("The answer is not the XML that was agreed."))
    return SoapFailure(
        FailureKind.UNKNOWN,
        _("The other side answered with HTTP %(status)s.") % {"status": status}
        if status
        else _("The answer broke off."),
    )


def _of_request(exc: requests.RequestException) -> SoapFailure:
    if isinstance(exc, requests.ConnectTimeout):
        return SoapFailure(FailureKind.NOT_APPLIED, _("The other side does not pick up."))
    if isinstance(exc, requests.Timeout):
        return SoapFailure(FailureKind.UNKNOWN, _("The other side did not answer in time."))
    if isinstance(exc, requests.exceptions.SSLError):
        return SoapFailure(FailureKind.NOT_APPLIED, _("No secure connection could be made."))
    if outbound.never_connected(exc):
        return SoapFailure(FailureKind.NOT_APPLIED, _("The other side refuses the connection."))
    if isinstance(exc, _NO_ADDRESS):
        return SoapFailure(
            FailureKind.NOT_APPLIED, _("The address of the other side is not valid.")
        )
    return SoapFailure(FailureKind.UNKNOWN, _("The connection broke off."))
