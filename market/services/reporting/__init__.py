"""Monthly reports to suppliers: customer numbers and expected consumption."""

from market.services.reporting.connecting import check_inbox, connect_supplier
from market.services.reporting.correcting import correct_report
from market.services.reporting.counting import FiguresHandler
from market.services.reporting.delivering import ReportHandler
from market.services.reporting.making import (
    ReportRefused,
    ask_for_report,
    make_report,
    make_reports_of,
)
from market.services.reporting.sending import mark_uploaded, send_again, send_report
from market.services.reporting.telling import forecast_of

__all__ = [
    "FiguresHandler",
    "ReportHandler",
    "ReportRefused",
    "ask_for_report",
    "check_inbox",
    "connect_supplier",
    "correct_report",
    "forecast_of",
    "make_report",
    "make_reports_of",
    "mark_uploaded",
    "send_again",
    "send_report",
]
