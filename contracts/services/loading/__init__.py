"""Contracts that the ERP has already: a set-based load, for the initial download."""

from contracts.services.loading.contracts import load_contracts
from contracts.services.loading.rows import ContractRow

__all__ = ["ContractRow", "load_contracts"]
