"""Codes of segments and roles."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SegmentCode(TextChoices):
    """Which kind of customer: decides who in the company may see the row."""

    RESIDENTIAL = "RESIDENTIAL", _("Residential")
    CORPORATE = "CORPORATE", _("Corporate")


class Role(TextChoices):
    """What a member of staff does; the name of a Django group in each tenant."""

    PHONE_SALES_AGENT = "PHONE_SALES_AGENT", _("Phone sales agent")
    SALES_AGENT = "SALES_AGENT", _("Sales department agent")
    SALES_SUPERVISOR = "SALES_SUPERVISOR", _("Sales supervisor")
    ADMINISTRATION_CLERK = "ADMINISTRATION_CLERK", _("Administration clerk")
    REGIONAL_SALES_MANAGER = "REGIONAL_SALES_MANAGER", _("Regional sales manager")
    CORPORATE_RELATIONS_MANAGER = (
        "CORPORATE_RELATIONS_MANAGER",
        _("Corporate relations manager"),
    )
    TENANT_ADMIN = "TENANT_ADMIN", _("Tenant administrator")
