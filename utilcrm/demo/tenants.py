"""The four demo tenants, one for each scenario variant."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tenants.choices import ContractModel, DeviceMode, Market

NAMES = {
    "unified": "Unified Power",
    "nordlicht": "Nordlicht Energie",
    "ribera": "Ribera Energía",
    "havn": "Havn Energi",
}

PROFILES: dict[str, dict[str, Any]] = {
    "unified": {
        "contract_model": ContractModel.SINGLE,
        "device_mode": DeviceMode.INFO_RECORD,
        "market": Market.GB,
        "currency": "GBP",
        "language": "en",
        "time_zone": "Europe/London",
        "phone_region": "GB",
        # Reduced rate on domestic fuel and power: VAT Act 1994, schedule 7A, group 1.
        "vat_residential": Decimal("0.05"),
        "vat_commercial": Decimal("0.20"),
        "legal_name": "Unified Power Ltd",
        "address": "18 Foundry Lane, Leeds LS1 4AP, United Kingdom",
        "email": "service@unified.example",
        "phone": "+441134960100",
        "register_entry": "Registered in England, no. 09000001",
    },
    "nordlicht": {
        "contract_model": ContractModel.DUAL,
        "device_mode": DeviceMode.INFO_RECORD,
        "market": Market.DE,
        "currency": "EUR",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "phone_region": "DE",
        "vat_residential": Decimal("0.19"),
        "vat_commercial": Decimal("0.19"),
        "legal_name": "Nordlicht Energie GmbH",
        "address": "Hafenstraße 12, 24103 Kiel, Deutschland",
        "email": "service@nordlicht.example",
        "phone": "+494313500100",
        "register_entry": "Amtsgericht Kiel, HRB 90001",
    },
    "ribera": {
        "contract_model": ContractModel.SINGLE,
        "device_mode": DeviceMode.DEVICE,
        "market": Market.ES,
        "currency": "EUR",
        "language": "en",
        "time_zone": "Europe/Madrid",
        "phone_region": "ES",
        "vat_residential": Decimal("0.21"),
        "vat_commercial": Decimal("0.21"),
        "legal_name": "Ribera Energía S.L.",
        "address": "Calle de Colón 40, 46004 Valencia, España",
        "email": "service@ribera.example",
        "phone": "+34963100100",
        "register_entry": "Registro Mercantil de Valencia, hoja V-90001",
    },
    "havn": {
        "contract_model": ContractModel.DUAL,
        "device_mode": DeviceMode.DEVICE,
        "market": Market.DK,
        "currency": "DKK",
        "language": "en",
        "time_zone": "Europe/Copenhagen",
        "phone_region": "DK",
        "vat_residential": Decimal("0.25"),
        "vat_commercial": Decimal("0.25"),
        "legal_name": "Havn Energi A/S",
        "address": "Havnegade 21, 8000 Aarhus C, Danmark",
        "email": "service@havn.example",
        "phone": "+4586120100",
        "register_entry": "CVR 90000001",
    },
}
for _profile in PROFILES.values():
    _profile["signature_reminder_days"] = [2, 5, 10]
