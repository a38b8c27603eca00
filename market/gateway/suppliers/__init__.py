"""The wire to suppliers: the same report by web service, by REST, or as a file."""

from market.gateway.suppliers.connecting import inbox_of
from market.gateway.suppliers.files import as_csv, file_name
from market.gateway.suppliers.shapes import (
    Forecast,
    ForecastLine,
    Inbox,
    Login,
    Receipt,
    SupplierFailure,
)

__all__ = [
    "Forecast",
    "ForecastLine",
    "Inbox",
    "Login",
    "Receipt",
    "SupplierFailure",
    "as_csv",
    "file_name",
    "inbox_of",
]
