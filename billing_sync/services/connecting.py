"""Set up the ERP endpoint, and check that somebody answers there."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing_sync.choices import ERP
from billing_sync.gateway.client import ErpGateway, SoapFailure, SystemInformation
from billing_sync.models import ErpEndpoint
from events.services import circuit
from events.services.routing import destination_named
from tenants.queries import current_profile


@dataclass(frozen=True)
class CheckResult:
    """What the connection check found, in plain words."""

    is_ok: bool
    text: str
    information: SystemInformation | None = None


@transaction.atomic
def connect_endpoint(
    *,
    url: str,
    client: str,
    username: str,
    password: str,
    callback_username: str,
    callback_password: str,
) -> ErpEndpoint:
    """
    Set up the tenant's active ERP endpoint, or change it; safe to repeat.

    ``username`` and ``password`` are ours there, ``callback_…`` the ERP's here.
    """
    endpoint = ErpEndpoint.objects.select_for_update().filter(is_active=True).first()
    if endpoint is None:
        endpoint = ErpEndpoint(is_active=True)
    endpoint.name = _("ERP client %(client)s") % {"client": client}
    endpoint.url = url
    endpoint.username = username
    endpoint.inbound_username = callback_username
    endpoint.set_password(password)
    endpoint.set_inbound_password(callback_password)
    endpoint.full_clean(exclude=["url"])
    endpoint.save()
    return endpoint


def check_endpoint(endpoint: ErpEndpoint) -> CheckResult:
    """Ask the ERP who it is, compare that with the tenant, and note the result; never raises."""
    destination = destination_named(ERP)
    try:
        found = ErpGateway(endpoint).system_information()
    except SoapFailure as failure:
        result = CheckResult(is_ok=False, text=failure.text)
    else:
        circuit.note_success(destination)
        result = _compared(found)
    endpoint.mark_checked(at=timezone.now(), ok=result.is_ok, result=result.text)
    return result


def _compared(found: SystemInformation) -> CheckResult:
    profile = current_profile()
    differences = [
        _("%(what)s: the ERP says %(theirs)s, here it is %(ours)s.")
        % {"what": what, "theirs": theirs, "ours": ours}
        for what, theirs, ours in (
            (_("Currency"), found.currency, profile.currency),
            (_("Contract model"), found.contract_model, profile.contract_model),
            (_("Device mode"), found.device_mode, profile.device_mode),
        )
        if theirs != ours
    ]
    if differences:
        return CheckResult(is_ok=False, text=" ".join(differences), information=found)
    text = _("%(system)s, client %(client)s, release %(release)s answers.") % {
        "system": found.system,
        "client": found.client,
        "release": found.release,
    }
    return CheckResult(is_ok=True, text=text, information=found)
