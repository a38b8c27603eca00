"""Findings: the items of a message's log. The codes are listed in the contract's README."""

from typing import Any

Finding = dict[str, Any]


def information(code: str, field: str | None, note: str) -> Finding:
    """Return a finding that changes nothing."""
    return {"TypeID": code, "SeverityCode": "1", "FieldName": field, "Note": note}


def warning(code: str, field: str | None, note: str) -> Finding:
    """Return a finding that lets the message through."""
    return {"TypeID": code, "SeverityCode": "2", "FieldName": field, "Note": note}


def error(code: str, field: str | None, note: str) -> Finding:
    """Return a finding that fails the message until someone mends it."""
    return {"TypeID": code, "SeverityCode": "3", "FieldName": field, "Note": note}


def abort(code: str, field: str | None, note: str) -> Finding:
    """Return a finding that fails the message now; the same message may succeed later."""
    return {
        "TypeID": code,
        "SeverityCode": "4",
        "FieldName": field,
        "Note": note,
        "RetryableIndicator": True,
    }


def failed(findings: list[Finding]) -> bool:
    """Tell whether one of the findings fails the message."""
    return any(finding["SeverityCode"] >= "3" for finding in findings)
