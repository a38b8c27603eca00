"""What the market's grids add to a new tenant, to its check list, and to what travels."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from premises.choices import ProviderRole
from premises.models import GridArea, ServiceProvider
from premises.services.seeding import seed_market
from tenants.queries import current_profile
from utilcrm.setting_up import Finding, Part, part_of


def found_market() -> None:
    """Make the distributors and grid areas of the tenant's market."""
    seed_market(current_profile().market)


def look_at_distributors() -> Finding:
    """The market's distributors are known, so that a point of delivery finds its own."""
    market = current_profile().market
    number = ServiceProvider.objects.filter(market=market, role=ProviderRole.DISTRIBUTOR).count()
    if not number:
        return Finding(False, _("No distributor of market %(market)s.") % {"market": market})
    return Finding(True, _("%(count)d distributors are known.") % {"count": number})


def parts() -> list[Part]:
    """Providers, and the areas of their grids."""
    return [
        part_of(
            ServiceProvider,
            key="providers",
            label=gettext_lazy("Service providers"),
            same=("market", "role", "code"),
            others=("name", "division"),
        ),
        part_of(
            GridArea,
            key="grid-areas",
            label=gettext_lazy("Grid areas"),
            same=("market", "division", "key", "prefix"),
            others=("distributor__code",),
        ),
    ]
