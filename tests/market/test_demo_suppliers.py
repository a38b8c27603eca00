"""The demo's suppliers: every product of the catalogue is fed, and each way of reporting shown."""

from __future__ import annotations

import pytest

from market.models import SupplierEndpoint
from products.models import Product, ProductSupply, Supplier, SupplyPrice
from products.services.seeding import seed_demo_catalogue
from utilcrm.demo.suppliers import supply_demo

pytestmark = pytest.mark.django_db


def test_the_demo_has_suppliers_however_often_it_is_set_up(tenant, settings):
    settings.SANDBOX_SUPPLIERS_URL = "http://127.0.0.1:8105"
    seed_demo_catalogue()

    supply_demo("unified")
    SupplierEndpoint.objects.filter(channel="SOAP").update(is_active=False)
    settings.SANDBOX_SUPPLIERS_URL = "http://127.0.0.1:9105"
    supply_demo("unified")

    assert Supplier.objects.count() == 3
    assert ProductSupply.objects.count() == Product.objects.count() > 5
    assert SupplyPrice.objects.count() == 6
    endpoints = {one.channel: one for one in SupplierEndpoint.objects.all()}
    assert endpoints["REST"].url == "http://127.0.0.1:9105/rest/unified/forecasts"
    assert endpoints["SOAP"].password == "buyer-secret"
    assert not endpoints["SOAP"].is_active
    assert set(endpoints) == {"SOAP", "REST", "FILE"}
