"""Which colour a state speaks in: one table, so that "rejected" looks the same everywhere."""

from __future__ import annotations

NEUTRAL, INFO, SUCCESS, WARNING, DANGER, WAITING = (
    "neutral",
    "info",
    "success",
    "warning",
    "danger",
    "waiting",
)

# Keys are the stored UPPERCASE values of the apps' choices. What is not listed is neutral.
_TONES = {
    INFO: (
        "INFO SENT ACCEPTED OPENED OPEN ACTIVE RUNNING READING CHECKING IN_PROGRESS IN_PROCESS "
        "CURRENT CONNECTED LOADING CLAIMED ORDERED COUNTING"
    ),
    SUCCESS: (
        "COMPLETED SIGNED GRANTED READY DONE DELIVERED PAID VERIFIED SUCCEEDED OK RESOLVED GOOD "
        "CHECKED CONFIRMED LOADED KEPT ANSWERED"
    ),
    WARNING: (
        "BLOCK BLOCKED AWAITING_APPROVAL AWAITING_SIGNATURE OVERDUE RINGING WRAP_UP UNVERIFIED "
        "PARKED STOPPED KEPT_OUT WARN TO_CHECK NEEDS_ATTENTION FOLLOW_UP SIGNATURE_EXPIRED "
        "MISSING TO_UPLOAD KEPT_LATE REOPENED AT_RISK ESCALATED"
    ),
    DANGER: (
        "REJECTED CONFLICT BAD FAILED REFUSED NEEDS_PERSON ERROR TIMED_OUT MISSED LOST CUT "
        "UNREADABLE DIFFERS BROKEN DEADLOCK"
    ),
    WAITING: (
        "QUEUED PENDING AWAITING WAITING RENDERING RETRYING UNKNOWN SCHEDULED IMPORTED RELEASED "
        "PLANNED WITHDRAWING ENDING RESTORING"
    ),
}
TONES = {code: tone for tone, codes in _TONES.items() for code in codes.split()}

ICONS = {
    INFO: "info",
    SUCCESS: "success",
    WARNING: "warning",
    DANGER: "danger",
    WAITING: "waiting",
    NEUTRAL: "info",
}


def tone_of(code: object) -> str:
    """Return the tone of a state's stored value."""
    return TONES.get(str(code).upper(), NEUTRAL)
