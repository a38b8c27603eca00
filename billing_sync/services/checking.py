"""The line of the check list about the ERP, and the part of its settings that travels."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing_sync.models import ErpEndpoint, PrintEndpoint
from billing_sync.queries import active_endpoint
from billing_sync.services.connecting import check_endpoint
from utilcrm.setting_up import Finding, Part, part_of


def look_at_endpoint() -> Finding:
    """Ask the ERP now: it answers, and runs the same scenario variant as this tenant."""
    endpoint = active_endpoint()
    if endpoint is None:
        return Finding(False, _("No ERP endpoint is set up."))
    if not endpoint.password_sealed:
        return Finding(False, _("The password at the ERP is missing."))
    result = check_endpoint(endpoint)
    return Finding(result.is_ok, result.text)


def parts() -> list[Part]:
    """The endpoints without their secrets, which have to be typed at every tenant."""
    return [
        part_of(
            ErpEndpoint,
            key="erp",
            label=gettext_lazy("ERP endpoint"),
            same=("name",),
            others=(
                "url", "system_id", "partner_system_id", "username", "inbound_username",
                "connect_timeout", "read_timeout", "is_active",
            ),
        ),
        part_of(
            PrintEndpoint,
            key="printer",
            label=gettext_lazy("Print company"),
            same=("name",),
            others=(
                "inbound_username", "archive_url", "archive_username", "connect_timeout",
                "read_timeout", "archive_years", "keep_months", "token_days", "sends_mail",
                "is_active",
            ),
        ),
    ]  # fmt: skip
