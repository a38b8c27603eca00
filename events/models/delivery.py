"""Messages going out."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.choices import DELIVERY_TRANSITIONS, DeliveryState
from utilcrm.db.models import Record
from utilcrm.states import check_transition


class Delivery(Record):
    """
    One message to one consumer (the outbox row).

    ``uuid`` is the idempotency key the other side sees. The payload never changes once the row
    is written: a corrected message is a new row at the same place in the lane.
    """

    destination = models.CharField(max_length=40)
    ordering_key = models.CharField(max_length=120)
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    schema_version = models.PositiveSmallIntegerField(default=1)
    payload = models.JSONField(default=dict)
    payload_sha256 = models.CharField(max_length=64)
    # [[destination, ordering_key, seq], …] that must be done first
    requires = models.JSONField(default=list)
    state = models.CharField(
        max_length=12, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    external_ref = models.CharField(max_length=80, blank=True)
    result = models.JSONField(default=dict)
    refusal_code = models.CharField(max_length=40, blank=True)
    refusal_field = models.CharField(max_length=80, blank=True)
    refusal_text = models.TextField(blank=True)
    event = models.ForeignKey("events.Event", null=True, on_delete=models.PROTECT)
    superseded_by = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaces"
    )
    actor_id = models.BigIntegerField(null=True)
    interaction_uuid = models.UUIDField(null=True)
    account_uuid = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)
    # by when the other side must have it; empty = no such day
    deadline_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        default_permissions = ("view",)
        permissions = [
            ("view_messages", _("Can look at messages to and from other companies")),
            ("mend_message", _("Can send stopped messages again, or cancel them")),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["destination", "ordering_key", "seq"],
                condition=~Q(state=DeliveryState.SUPERSEDED),
                name="delivery_place",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.DONE) | Q(done_at__isnull=False),
                name="delivery_done_at",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.PARKED) | ~Q(refusal_text=""),
                name="delivery_parked_reason",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # events.queries.monitor, for all destinations and for one
            models.Index(
                fields=["state", "id"],
                name="delivery_open_any",
                condition=Q(
                    state__in=[
                        DeliveryState.PENDING,
                        DeliveryState.AWAITING,
                        DeliveryState.PARKED,
                    ]
                ),
            ),
            models.Index(
                fields=["account_uuid", "-id"],
                name="delivery_account",
                condition=Q(account_uuid__isnull=False),
            ),
            # events.queries.trouble
            models.Index(
                fields=["deadline_at"],
                name="delivery_deadline",
                condition=Q(
                    deadline_at__isnull=False,
                    state__in=[
                        DeliveryState.PENDING,
                        DeliveryState.AWAITING,
                        DeliveryState.PARKED,
                    ],
                ),
            ),
            models.Index(
                fields=["destination", "state", "id"],
                name="delivery_open",
                condition=Q(
                    state__in=[
                        DeliveryState.PENDING,
                        DeliveryState.AWAITING,
                        DeliveryState.PARKED,
                    ]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    # Mutators

    def mark_awaiting(self) -> None:
        """The other side took the message; its answer follows."""
        self._move(DeliveryState.AWAITING)
        self.save(update_fields=["state", "updated_at"])

    def mark_pending(self) -> None:
        """To be sent (again)."""
        self._move(DeliveryState.PENDING)
        self.refusal_code = self.refusal_field = self.refusal_text = ""
        self.save(
            update_fields=[
                "state",
                "refusal_code",
                "refusal_field",
                "refusal_text",
                "updated_at",
            ]
        )

    def mark_done(self, *, external_ref: str = "", result: dict[str, Any] | None = None) -> None:
        """Applied on the other side, known for sure."""
        self._move(DeliveryState.DONE)
        self.external_ref = external_ref
        self.result = result or {}
        self.done_at = timezone.now()
        self.save(update_fields=["state", "external_ref", "result", "done_at", "updated_at"])

    def mark_parked(self, *, code: str, field: str, text: str) -> None:
        """Stopped until a person decides; ``text`` is the reason in plain words."""
        self._move(DeliveryState.PARKED)
        self.refusal_code = code[:40]
        self.refusal_field = field[:80]
        self.refusal_text = text or code or str(_("No reason was given."))
        self.save(
            update_fields=[
                "state",
                "refusal_code",
                "refusal_field",
                "refusal_text",
                "updated_at",
            ]
        )

    def mark_cancelled(self) -> None:
        """Given up by a person; its place in the lane is passed over."""
        self._move(DeliveryState.CANCELLED)
        self.save(update_fields=["state", "updated_at"])

    def mark_superseded(self) -> None:
        """Replaced by a new version at the same place."""
        self._move(DeliveryState.SUPERSEDED)
        self.save(update_fields=["state", "updated_at"])

    def _move(self, state: DeliveryState) -> None:
        if self.state == state:
            return
        check_transition(DELIVERY_TRANSITIONS, self.state, state)
        self.state = state

    # Properties

    @property
    def is_open(self) -> bool:
        """Whether the message is neither done nor given up."""
        return self.state in {
            DeliveryState.PENDING,
            DeliveryState.AWAITING,
            DeliveryState.PARKED,
        }

    @property
    def is_parked(self) -> bool:
        """Whether a person has to decide."""
        return self.state == DeliveryState.PARKED
