"""What each one-way request does to the book. Called inside the transaction of its message."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.erp.handlers.arrangements import create_payment_arrangement
from sandbox.erp.handlers.budget import change_budget_plan
from sandbox.erp.handlers.contract_changes import change_contract
from sandbox.erp.handlers.contracts import create_contract
from sandbox.erp.handlers.devices import create_device_order
from sandbox.erp.handlers.outcome import Data, Outcome
from sandbox.erp.handlers.partners import (
    change_account,
    change_partner,
    create_account,
    create_partner,
)
from sandbox.erp.handlers.readings import create_meter_reading
from sandbox.erp.handlers.technical import create_connection_object, create_point_of_delivery
from sandbox.erp.office import Office

__all__ = ["KINDS", "Kind", "Outcome"]


@dataclass(frozen=True)
class Kind:
    """A one-way request: the element it carries, and who handles it."""

    element: str
    object_type: str
    handle: Callable[[Office, Data], Outcome]


KINDS: dict[str, Kind] = {
    "BusinessPartnerERPCreateRequest": Kind("BusinessPartner", "BUSINESS_PARTNER", create_partner),
    "BusinessPartnerERPChangeRequest": Kind("BusinessPartner", "BUSINESS_PARTNER", change_partner),
    "ContractAccountERPCreateRequest": Kind("ContractAccount", "CONTRACT_ACCOUNT", create_account),
    "ContractAccountERPChangeRequest": Kind("ContractAccount", "CONTRACT_ACCOUNT", change_account),
    "ConnectionObjectERPCreateRequest": Kind(
        "ConnectionObject", "CONNECTION_OBJECT", create_connection_object
    ),
    "PointOfDeliveryERPCreateRequest": Kind(
        "PointOfDelivery", "POINT_OF_DELIVERY", create_point_of_delivery
    ),
    "DeviceOrderERPCreateRequest": Kind("DeviceOrder", "DEVICE_ORDER", create_device_order),
    "UtilitiesContractERPCreateRequest": Kind("UtilitiesContract", "CONTRACT", create_contract),
    "UtilitiesContractERPChangeRequest": Kind("UtilitiesContract", "CONTRACT", change_contract),
    "MeterReadingDocumentERPCreateRequest": Kind(
        "MeterReadingDocument", "METER_READING_DOCUMENT", create_meter_reading
    ),
    "BudgetBillingPlanERPChangeRequest": Kind(
        "BudgetBillingPlan", "BUDGET_BILLING_PLAN", change_budget_plan
    ),
    "PaymentArrangementERPCreateRequest": Kind(
        "PaymentArrangement", "PAYMENT_ARRANGEMENT", create_payment_arrangement
    ),
}
