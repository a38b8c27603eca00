"""A tenant's periods as settings that travel between tenants."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tenants.utils import tenant_context

from tenants.models import Profile, Tenant
from tenants.queries import current_profile, forget_kept
from utilcrm.setting_up import Part, Row

PERIODS = (
    "withdrawal_days",
    "notice_days",
    "binding_days",
    "signature_link_days",
    "past_start_days",
    "future_start_days",
)
"""Fields of the profile that say how long something may take; the switches never travel."""


def parts() -> list[Part]:
    """Return the periods, one row each."""
    label = gettext_lazy("Periods in days")
    return [Part("periods", label, ("period",), read_periods, write_period)]


def read_periods() -> list[Row]:
    """Return the periods of the tenant entered."""
    profile = current_profile()
    return [{"period": name, "days": getattr(profile, name)} for name in PERIODS]


def write_period(row: Row) -> None:
    """
    Set a period of the tenant entered, as the platform: no tenant writes its own profile.

    :raises ValueError: if there is no such period, or it cannot be so long
    """
    name, days = str(row["period"]), row["days"]
    if name not in PERIODS:
        raise ValueError(_("There is no such period."))
    profile = Profile.objects.get(pk=current_profile().pk)
    setattr(profile, name, days)
    try:
        profile.clean_fields(exclude=[one.name for one in profile._meta.fields if one.name != name])
    except ValidationError as exc:
        raise ValueError("; ".join(exc.messages)) from exc
    with tenant_context(Tenant.objects.get(schema_name="public")):
        profile.save(update_fields=[name])
    forget_kept()
