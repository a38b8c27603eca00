"""
What a new tenant starts with, what it needs before it sells, what it may take over from another.

Wiring only: the one page of it. Everything is named by its dotted path, so that nothing is
imported upwards.
"""

from django.utils.translation import gettext_lazy as _

from utilcrm.setting_up import Check

FOUNDERS = (
    "access.services.roles.sync_roles",
    "premises.services.checking.found_market",
    "products.services.seeding.seed_load_profiles",
    "service.services.seeding.seed_service",
    "interactions.services.seeding.seed_reasons",
    "interactions.services.alerts.seeding.seed_alerts",
)

CHECKS = (
    Check("roles", _("Roles"), "access.services.checking.look_at_roles", "auth/group"),
    Check("people", _("People"), "access.services.checking.look_at_people", "access/user"),
    Check("numbers", _("Number ranges"), "accounts.services.checking.look_at_numbers"),
    Check(
        "distributors",
        _("Distributors"),
        "premises.services.checking.look_at_distributors",
        "premises/serviceprovider",
    ),
    Check(
        "products",
        _("Products and prices"),
        "products.services.checking.look_at_products",
        "products/product",
    ),
    Check(
        "erp",
        _("Connection to the ERP"),
        "billing_sync.services.checking.look_at_endpoint",
        "billing_sync/erpendpoint",
    ),
    Check(
        "cases",
        _("Classes of cases"),
        "service.services.seeding.look_at_classes",
        "service/caseclass",
    ),
    Check("reasons", _("Reasons for contacts"), "interactions.services.seeding.look_at_reasons"),
)

PARTS = (
    "premises.services.checking.parts",
    "products.services.checking.parts",
    "billing_sync.services.checking.parts",
    "service.services.seeding.parts",
    "interactions.services.seeding.parts",
    # last: what is read of the profile before is not what a preview takes back
    "tenants.services.periods.parts",
)
