"""Contracts, items, processing steps and signatures."""

from contracts.models.contract import Contract, ContractQuerySet
from contracts.models.item import ContractItem, ContractItemPrice, ContractItemRegister
from contracts.models.signature import SignatureEvidence, SignatureRequest
from contracts.models.step import ProcessingStep

__all__ = [
    "Contract",
    "ContractItem",
    "ContractItemPrice",
    "ContractItemRegister",
    "ContractQuerySet",
    "ProcessingStep",
    "SignatureEvidence",
    "SignatureRequest",
]
