"""
Fetching what has arrived in the mailboxes, round by round.

How far a folder has been taken in moves in the transaction that takes a message in. Whatever dies
before, the message comes again; whatever dies after, only the mark "seen" is missing there.
"""

from __future__ import annotations

import datetime as dt

import structlog
from django.db.models import Q
from django.utils.translation import gettext as _

from conversations.choices import Intake, Security
from conversations.gateway.imap import Folder, LogIn, LogInRefused, MailboxFailure, opened
from conversations.models import Mailbox
from conversations.services.parsing import MOST_BYTES
from conversations.services.taking import Place, take_in
from utilcrm import clock
from utilcrm.secretbox import SecretUnreadable

logger = structlog.stdlib.get_logger(__name__)

MOST_A_ROUND = 100
_MOST_HEAD = 64 * 1024


def fetch_all() -> int:
    """Fetch what is new in every active mailbox; return how many messages were taken in."""
    return sum(fetch(mailbox) for mailbox in Mailbox.objects.filter(is_active=True).order_by("pk"))


def fetch(mailbox: Mailbox) -> int:
    """
    Fetch what is new in one mailbox; return how many messages were taken in.

    A mailbox that is being fetched is left alone. Its failures are noted at it, never raised, so
    that the others are fetched.
    """
    if not _claim(mailbox):
        return 0
    mailbox.refresh_from_db()
    taken, failure = 0, ""
    try:
        with opened(log_in_of(mailbox)) as folder:
            taken = _take_new(mailbox, folder)
    except MailboxFailure as error:
        failure = str(error)
    except SecretUnreadable:
        failure = _("The password cannot be read any more. Enter it again.")
    except Exception as error:
        # Of ours, a full disk say: it is said where the administrator looks, and the next round
        # goes on behind what was taken in.
        logger.exception("mailbox_round_broke_off", mailbox=mailbox.name)
        failure = f"{type(error).__name__}: {error}"[:300]
    mailbox.refresh_from_db()
    mailbox.mark_fetched(at=clock.now(), failure=failure)
    if failure:
        logger.warning("mailbox_not_fetched", mailbox=mailbox.name, failure=failure)
    return taken


def check_mailbox(mailbox: Mailbox) -> tuple[bool, str]:
    """Log in, open the folder, and note what came of it; never raises because of the server."""
    try:
        with opened(log_in_of(mailbox)) as folder:
            ok, text = (
                True,
                _("Connected: %(count)s messages in the folder.") % {"count": folder.count},
            )
    except LogInRefused as error:
        ok, text = False, _("The server refuses us: %(why)s") % {"why": error}
    except MailboxFailure as error:
        ok, text = False, _("No connection: %(why)s") % {"why": error}
    except SecretUnreadable:
        ok, text = False, _("The password cannot be read any more. Enter it again.")
    mailbox.mark_checked(at=clock.now(), ok=ok, result=text)
    return ok, text


def log_in_of(mailbox: Mailbox) -> LogIn:
    """
    Return how a mailbox is reached.

    :raises utilcrm.secretbox.SecretUnreadable: if its password cannot be opened
    """
    return LogIn(
        host=mailbox.host,
        port=mailbox.port,
        is_secure=mailbox.security == Security.TLS,
        username=mailbox.username,
        password=mailbox.password,
        folder=mailbox.folder,
        seconds=mailbox.seconds,
    )


def _claim(mailbox: Mailbox) -> bool:
    """Keep other workers off for as long as a round may last, and some seconds."""
    now = clock.now()
    free = Q(busy_until__isnull=True) | Q(busy_until__lt=now)
    until = now + dt.timedelta(seconds=mailbox.seconds + 30)
    return bool(Mailbox.objects.filter(free, pk=mailbox.pk).update(busy_until=until))


def _take_new(mailbox: Mailbox, folder: Folder) -> int:
    is_same = mailbox.uid_validity == folder.uid_validity
    # A day earlier, because the server's day need not be ours.
    since = (mailbox.created_at - dt.timedelta(days=1)).date()
    uids = folder.uids_after(mailbox.last_uid if is_same else 0, since=since)
    taken = 0
    for uid in uids[:MOST_A_ROUND]:
        size = folder.size_of(uid)
        raw = _raw(folder, uid, size)
        if raw is None:
            continue
        place = Place(folder.uid_validity, uid)
        took = take_in(raw, mailbox=mailbox, place=place, size=size)
        taken += took.result != Intake.DUPLICATE
        folder.mark_seen(uid)
    return taken


def _raw(folder: Folder, uid: int, size: int | None) -> bytes | None:
    if size is None:
        return None
    if size > MOST_BYTES:
        return folder.head(uid, at_most=_MOST_HEAD)
    # Servers count line ends in more than one way.
    return folder.whole(uid, at_most=MOST_BYTES * 2)
