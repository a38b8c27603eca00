"""The operations of the ERP's service by which our commands travel."""

from __future__ import annotations

from billing_sync.choices import MessageKind

# kind → operation and the element that carries the object
COMMANDS: dict[str, tuple[str, str]] = {
    MessageKind.PARTNER_CREATE: ("BusinessPartnerERPCreateRequest", "BusinessPartner"),
    MessageKind.PARTNER_CHANGE: ("BusinessPartnerERPChangeRequest", "BusinessPartner"),
    MessageKind.AGREEMENT_CREATE: ("ContractAccountERPCreateRequest", "ContractAccount"),
    MessageKind.AGREEMENT_CHANGE: ("ContractAccountERPChangeRequest", "ContractAccount"),
    MessageKind.CONNECTION_OBJECT_CREATE: ("ConnectionObjectERPCreateRequest", "ConnectionObject"),
    MessageKind.POD_CREATE: ("PointOfDeliveryERPCreateRequest", "PointOfDelivery"),
    MessageKind.CONTRACT_CREATE: ("UtilitiesContractERPCreateRequest", "UtilitiesContract"),
    MessageKind.READING_CREATE: ("MeterReadingDocumentERPCreateRequest", "MeterReadingDocument"),
    MessageKind.DEVICE_ORDER: ("DeviceOrderERPCreateRequest", "DeviceOrder"),
    MessageKind.BUDGET_CHANGE: ("BudgetBillingPlanERPChangeRequest", "BudgetBillingPlan"),
    MessageKind.ARRANGEMENT: ("PaymentArrangementERPCreateRequest", "PaymentArrangement"),
    MessageKind.CONTRACT_CORRECT: ("UtilitiesContractERPChangeRequest", "UtilitiesContract"),
    MessageKind.CONTRACT_CHANGE: ("UtilitiesContractERPChangeRequest", "UtilitiesContract"),
}
