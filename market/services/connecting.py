"""Check that the register answers."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from events.services import circuit
from events.services.routing import destination_named
from market.choices import MARKET
from market.gateway.register import Register, RegisterFailure, login_of
from market.models import MarketEndpoint


def check_endpoint(endpoint: MarketEndpoint) -> tuple[bool, str]:
    """Ask who answers there, and note it; never raises because of the register."""
    try:
        answer = Register(login_of(endpoint)).ping()
    except RegisterFailure as failure:
        ok, text = False, failure.text
    else:
        circuit.note_success(destination_named(MARKET))
        ok, text = True, _("%(name)s answers.") % {"name": answer}
    endpoint.mark_checked(at=timezone.now(), ok=ok, result=text)
    return ok, text
