"""Contracts, items, processing steps and signatures."""

from contracts.models.approval import PriceApproval
from contracts.models.contract import Contract, ContractQuerySet
from contracts.models.item import ContractItem
from contracts.models.item_supplier import ItemSupplier, SuppliedVolume, SupplyGap
from contracts.models.item_terms import ContractItemPrice, ContractItemRegister
from contracts.models.process import ContractProcess, ProcessItem
from contracts.models.signature import SignatureEvidence, SignatureRequest
from contracts.models.step import ProcessingStep

__all__ = [
    "Contract",
    "ContractItem",
    "ContractItemPrice",
    "ContractItemRegister",
    "ContractProcess",
    "ContractQuerySet",
    "ItemSupplier",
    "PriceApproval",
    "ProcessItem",
    "ProcessingStep",
    "SignatureEvidence",
    "SignatureRequest",
    "SuppliedVolume",
    "SupplyGap",
]
