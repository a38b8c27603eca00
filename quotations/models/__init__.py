"""Records of the quotations app."""

from quotations.models.approval import Approval
from quotations.models.item import QuotationItem, QuotationItemPrice, QuotationItemRegister
from quotations.models.quotation import Quotation

__all__ = [
    "Approval",
    "Quotation",
    "QuotationItem",
    "QuotationItemPrice",
    "QuotationItemRegister",
]
