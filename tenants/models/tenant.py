"""Tenant and domain."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from tenants.choices import Purpose

valid_code = RegexValidator(
    r"^[a-z][a-z0-9_]{2,40}\Z", _("3 to 41 small letters, digits or underscores.")
)


class Tenant(TenantMixin):
    """One company that sells energy. Its schema is the wall around everything it owns."""

    schema_name = models.CharField(max_length=41, unique=True, validators=[valid_code])
    name = models.CharField(max_length=80)
    created_on = models.DateField(auto_now_add=True)
    is_active = models.BooleanField(default=True)
    is_template = models.BooleanField(
        default=False, help_text=_("An empty tenant that new ones are cloned from.")
    )

    purpose = models.CharField(
        _("purpose"),
        max_length=8,
        choices=Purpose.choices,
        default=Purpose.LIVE,
        help_text=_("Outages can be rehearsed on training and demo tenants only."),
    )

    auto_create_schema = False
    auto_drop_schema = False

    def __str__(self) -> str:
        return self.name


class Domain(DomainMixin):
    """A host name under which a tenant is reached."""
