"""Make a tenant from its order: the clone, what its market brings, its first administrator."""

from __future__ import annotations

from django_tenants.utils import schema_context
from structlog.stdlib import get_logger

from access.choices import Role
from access.models import User
from access.services.people import ensure_member_of_staff
from tenants.markets import MARKET_DEFAULTS
from tenants.models import Tenant, TenantOrder
from tenants.services.making import make_tenant
from tenants.services.ordering import take_next_order
from utilcrm import setting_up

logger = get_logger(__name__)


def make_next_ordered_tenant() -> TenantOrder | None:
    """
    Make the tenant of the oldest order; `None` when there is nothing to make.

    What fails is written down on the order, where its administrator reads it; whatever was made by
    then is found and completed by the next attempt.
    """
    order = take_next_order()
    if order is None:
        return None
    try:
        tenant = _make(order)
    # Whatever went wrong, the person who ordered waits for an answer.
    except Exception as exc:
        logger.exception("tenant_not_made", code=order.code)
        order.mark_failed(f"{type(exc).__name__}: {exc}")
    else:
        order.mark_made(tenant)
    return order


def found(tenant: Tenant) -> None:
    """Make what every tenant of its market starts with; safe to repeat."""
    with schema_context(tenant.schema_name):
        setting_up.found_tenant()


def _make(order: TenantOrder) -> Tenant:
    profile = {
        **MARKET_DEFAULTS[order.market].as_profile(),
        "contract_model": order.contract_model,
        "device_mode": order.device_mode,
        "market": order.market,
        "legal_name": order.legal_name,
        "address": order.address,
        "email": order.email,
        "phone": order.phone,
        "signature_reminder_days": [2, 5, 10],
    }
    tenant = make_tenant(code=order.code, name=order.name, profile=profile, order=order)
    found(tenant)
    with schema_context(tenant.schema_name):
        person = ensure_member_of_staff(
            username=order.administrator,
            password_hash="!",  # noqa: S106 - no password fits: it is chosen by the person
            first_name="",
            last_name=str(Role.TENANT_ADMIN.label),
            email=order.administrator,
            roles=[Role.TENANT_ADMIN],
            is_staff=True,
        )
        User.objects.filter(pk=person.pk).update(is_superuser=True)
    return tenant
