"""Records of the market app."""

from market.models.endpoint import MarketEndpoint
from market.models.report import SupplierEndpoint, SupplierReport, SupplierReportLine

__all__ = ["MarketEndpoint", "SupplierEndpoint", "SupplierReport", "SupplierReportLine"]
