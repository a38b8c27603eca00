"""RegisterMessage: one message to or from the register."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from market.choices import (
    MESSAGE_TRANSITIONS,
    UNANSWERED,
    Direction,
    MessageKind,
    MessageStatus,
)
from utilcrm.db.models import Record
from utilcrm.states import check_transition


class RegisterMessageQuerySet(CustomerQuerySet):
    """Messages about customers that a person may see, and those about nobody's point."""

    segment_path = "segment"
    vacant_is_visible = True


class RegisterMessage(Record):
    """
    One message: what it says, as a person reads it, and what came over the wire as it was.

    What went out is sent by the outbox under `delivery_uuid`, which is the message's id at the
    register; as it was on the wire it is a `SentDocument`. `raw` is a document that came in, and
    empty once its time is over (`market.services.forgetting`). `facts` is what it says in our own
    words, as JSON. `effective_on` is the day that it is about; a day that was refused is not told
    again by itself. `deadline_at` is when an answer is due. `segment` is the customer's, empty
    where nobody's point of delivery is meant.
    """

    direction = models.CharField(max_length=3, choices=Direction.choices)
    kind = models.CharField(_("message"), max_length=11, choices=MessageKind.choices)
    status = models.CharField(
        _("status"), max_length=10, choices=MessageStatus.choices, editable=False
    )
    pod = models.ForeignKey(
        "premises.PointOfDelivery",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="register_messages",
    )
    period = models.ForeignKey(
        "market.SupplyPeriod",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
    )
    order = models.ForeignKey(
        "market.DisconnectionOrder",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
    )
    account_uuid = models.UUIDField(null=True, blank=True)
    segment = models.CharField(max_length=12, null=True, blank=True)
    delivery_uuid = models.UUIDField(null=True, blank=True)
    message_id = models.CharField(_("message id"), max_length=80, blank=True)
    reference = models.CharField(_("answers"), max_length=80, blank=True)
    effective_on = models.DateField(_("day"), null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    objections = models.JSONField(default=list, blank=True)
    raw = models.TextField(blank=True)
    problem = models.TextField(blank=True)
    # a person has taken it back although the contract says the same still
    is_taken_back = models.BooleanField(default=False)
    # a person has dealt with the refusal: the same may be told again
    is_settled = models.BooleanField(default=False)
    at = models.DateTimeField(_("at"))
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField(_("answer due"), null=True, blank=True)

    objects: ClassVar[models.Manager[RegisterMessage]] = RegisterMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message with the register")
        verbose_name_plural = _("messages with the register")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="market_message_rejected_says_why",
                condition=~Q(status=MessageStatus.REJECTED) | ~Q(objections=[]),
            ),
            models.UniqueConstraint(
                name="market_message_delivery_once",
                fields=["delivery_uuid"],
                condition=Q(delivery_uuid__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["period", "id"], name="market_message_period"),
            models.Index(fields=["pod", "-id"], name="market_message_pod"),
            models.Index(fields=["status", "-id"], name="market_message_status"),
            # market.services.forgetting: documents that came in, the oldest first
            models.Index(fields=["at"], name="market_message_raw", condition=~Q(raw="")),
            # market.services.watching: answers that are late
            models.Index(
                fields=["deadline_at"],
                name="market_message_deadline",
                condition=Q(status__in=sorted(UNANSWERED)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"

    # Mutators

    def mark_sent(self, *, at: dt.datetime) -> None:
        """Note that the register has it; its answer follows."""
        if self.status != MessageStatus.SENT:
            self.sent_at = self.sent_at or at
            self._move_to(MessageStatus.SENT, "sent_at")

    def mark_accepted(self, *, at: dt.datetime) -> None:
        """Note that the register has done what it says."""
        self.answered_at, self.sent_at = at, self.sent_at or at
        self._move_to(MessageStatus.ACCEPTED, "answered_at", "sent_at")

    def mark_rejected(self, objections: list[dict[str, str]], *, at: dt.datetime) -> None:
        """Note why the register refuses it."""
        self.answered_at, self.sent_at, self.objections = at, self.sent_at or at, objections
        self._move_to(MessageStatus.REJECTED, "answered_at", "sent_at", "objections")

    def mark_cancelled(self) -> None:
        """Note that it does not go out."""
        self._move_to(MessageStatus.CANCELLED)

    def take_back(self) -> None:
        """Note that a person takes back what it told: it is not told again by itself."""
        self.is_taken_back, self.is_settled = True, False
        self.save(update_fields=["is_taken_back", "is_settled", "updated_at"])

    def settle(self) -> None:
        """Note that a person has dealt with the refusal: the same may be told again."""
        self.is_settled = True
        self.save(update_fields=["is_settled", "updated_at"])

    def ride(self, delivery_uuid: Any) -> None:
        """Note the id under which it goes out."""
        if self.delivery_uuid != delivery_uuid:
            self.delivery_uuid = delivery_uuid
            self.message_id = str(delivery_uuid)
            self.save(update_fields=["delivery_uuid", "message_id", "updated_at"])

    def _move_to(self, status: str, *fields: str) -> None:
        check_transition(MESSAGE_TRANSITIONS, self.status, status)
        self.status = status
        self.save(update_fields=["status", *fields, "updated_at"])

    # Properties

    @property
    def is_unanswered(self) -> bool:
        """Whether the register still has to answer."""
        return self.status in UNANSWERED

    @property
    def is_rejected(self) -> bool:
        """Whether the register has refused it."""
        return self.status == MessageStatus.REJECTED
