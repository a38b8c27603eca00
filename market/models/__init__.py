"""Records of the market app."""

from market.models.disconnection import DisconnectionOrder
from market.models.document import SentDocument
from market.models.endpoint import MarketEndpoint
from market.models.message import RegisterMessage
from market.models.period import SupplyPeriod
from market.models.report import SupplierEndpoint, SupplierReport, SupplierReportLine
from market.models.task import MarketTask

__all__ = [
    "DisconnectionOrder",
    "MarketEndpoint",
    "MarketTask",
    "RegisterMessage",
    "SentDocument",
    "SupplierEndpoint",
    "SupplierReport",
    "SupplierReportLine",
    "SupplyPeriod",
]
