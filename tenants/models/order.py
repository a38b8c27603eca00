"""TenantOrder: a company that the platform's administrator wants to have here."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.choices import ORDER_TRANSITIONS, ContractModel, DeviceMode, Market, OrderStatus
from tenants.models.tenant import Tenant, valid_code
from utilcrm.states import check_transition


class TenantOrder(models.Model):
    """
    The order to make a tenant.

    The web never makes schemas: its log-in may not. It writes this row down, and the one process
    that is connected as the owner of the database makes the tenant from it.
    """

    code = models.CharField(
        _("code"),
        max_length=41,
        unique=True,
        validators=[valid_code],
        help_text=_("Name of the schema and of the host: small letters, digits, underscores."),
    )
    name = models.CharField(_("name"), max_length=80)
    contract_model = models.CharField(
        _("contract model"), max_length=10, choices=ContractModel.choices
    )
    device_mode = models.CharField(_("devices"), max_length=12, choices=DeviceMode.choices)
    market = models.CharField(_("market"), max_length=2, choices=Market.choices)
    legal_name = models.CharField(_("registered name"), max_length=120)
    address = models.CharField(_("registered address"), max_length=200)
    email = models.EmailField(_("e-mail for customers"))
    phone = models.CharField(_("telephone for customers"), max_length=30)
    administrator = models.EmailField(
        _("first administrator"),
        help_text=_("Gets an account without a password, and chooses one by “Forgot password?”."),
    )

    status = models.CharField(
        _("state"),
        max_length=7,
        choices=OrderStatus.choices,
        default=OrderStatus.ORDERED,
        editable=False,
    )
    ordered_at = models.DateTimeField(_("ordered at"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)
    failure = models.TextField(_("what went wrong"), blank=True, editable=False)
    tenant = models.OneToOneField(
        Tenant, on_delete=models.SET_NULL, null=True, editable=False, related_name="order"
    )

    class Meta:
        verbose_name = _("new tenant")
        verbose_name_plural = _("new tenants")
        constraints = [
            models.CheckConstraint(
                name="tenants_order_failed_says_why",
                condition=~Q(status=OrderStatus.FAILED) | ~Q(failure=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse the code, and with it the host name, of a tenant that is here already."""
        host = f"{self.code}.{settings.BASE_DOMAIN}"
        taken = Tenant.objects.filter(Q(schema_name=self.code) | Q(domains__domain=host))
        if self.code and taken.exclude(pk=self.tenant_id).exists():
            raise ValidationError({"code": _("A tenant with this code is here already.")})

    # Mutators

    def note_tenant(self, tenant: Tenant) -> None:
        """Note which tenant came of this order, so that no other is taken for it."""
        TenantOrder.objects.filter(pk=self.pk).update(tenant=tenant)

    def mark_making(self) -> None:
        """Take the order in hand."""
        self.started_at, self.finished_at, self.failure = timezone.now(), None, ""
        self._move_to(OrderStatus.MAKING)

    def mark_made(self, tenant: Tenant) -> None:
        """Note the tenant that was made."""
        self.tenant, self.finished_at = tenant, timezone.now()
        self._move_to(OrderStatus.MADE)

    def mark_failed(self, failure: str) -> None:
        """Note why there is no tenant."""
        self.failure, self.finished_at = failure, timezone.now()
        self._move_to(OrderStatus.FAILED)

    def order_again(self) -> None:
        """Have it tried once more."""
        self._move_to(OrderStatus.ORDERED)

    # Properties

    @property
    def took(self) -> dt.timedelta | None:
        """How long the making took, once it is over."""
        if self.started_at is None or self.finished_at is None:
            return None
        return self.finished_at - self.started_at

    @property
    def is_under_way(self) -> bool:
        """Whether a look at it in a moment may show something new."""
        return self.status in {OrderStatus.ORDERED, OrderStatus.MAKING}

    def _move_to(self, status: str) -> None:
        check_transition(ORDER_TRANSITIONS, self.status, status)
        self.status = status
        self.save()
