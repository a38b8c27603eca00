"""States of people and of the work that waits for them."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PresenceState(TextChoices):
    """What a person says of themselves; only who is ready is offered work."""

    READY = "READY", _("Ready")
    BUSY = "BUSY", _("Busy with other work")
    BREAK = "BREAK", _("On a break")
    AWAY = "AWAY", _("Away")
    OFFLINE = "OFFLINE", _("Not at work")


class BreakReason(TextChoices):
    """Why somebody is on a break."""

    LUNCH = "LUNCH", _("Lunch")
    SHORT = "SHORT", _("Short break")
    TRAINING = "TRAINING", _("Training")
    MEETING = "MEETING", _("Meeting")


class WorkKind(TextChoices):
    """What waits."""

    CALL = "CALL", _("Call")
    CONVERSATION = "CONVERSATION", _("Conversation")
    HANDOVER = "HANDOVER", _("Contact handed over")
    TASK = "TASK", _("Task")


class WorkChannel(TextChoices):
    """What a person's capacity is counted by."""

    CALL = "CALL", _("Calls")
    CHAT = "CHAT", _("Chats")
    WRITING = "WRITING", _("E-mails and letters")
    TASK = "TASK", _("Tasks")


class WorkStatus(TextChoices):
    """Where a piece of work stands."""

    WAITING = "WAITING", _("Waiting")
    OFFERED = "OFFERED", _("Offered")
    ACCEPTED = "ACCEPTED", _("Accepted")
    DONE = "DONE", _("Done")
    GONE = "GONE", _("Gone")


WORK_TRANSITIONS: dict[str, frozenset[str]] = {
    WorkStatus.WAITING: frozenset({WorkStatus.OFFERED, WorkStatus.ACCEPTED, WorkStatus.GONE}),
    WorkStatus.OFFERED: frozenset({WorkStatus.WAITING, WorkStatus.ACCEPTED, WorkStatus.GONE}),
    WorkStatus.ACCEPTED: frozenset({WorkStatus.DONE, WorkStatus.WAITING}),
    WorkStatus.DONE: frozenset(),
    WorkStatus.GONE: frozenset(),
}
"""A task that was accepted waits again when it is passed on."""

OPEN_WORK = frozenset({WorkStatus.WAITING, WorkStatus.OFFERED})


class CallEventKind(TextChoices):
    """What the telephone system, or our side, tells of a call."""

    RINGING = "RINGING", _("rings")
    ANSWERED = "ANSWERED", _("answered")
    HELD = "HELD", _("put on hold")
    RETRIEVED = "RETRIEVED", _("taken back from hold")
    TRANSFERRED = "TRANSFERRED", _("transferred")
    ENDED = "ENDED", _("ended")
    MISSED = "MISSED", _("missed")


class CallEventSource(TextChoices):
    """Whose word an event is; the telephone system's counts more than ours."""

    TELEPHONE = "TELEPHONE", _("Telephone system")
    AGENT = "AGENT", _("Agent")
    SWEEP = "SWEEP", _("Closed because nothing more was heard")
