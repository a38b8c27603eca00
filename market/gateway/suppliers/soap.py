"""A supplier with a SOAP service: ForecastService, described by the WSDL beside this file."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from zeep.helpers import serialize_object

from market.gateway.suppliers.shapes import FailureKind, Forecast, Login, Receipt, SupplierFailure
from utilcrm.soap import Endpoint, SoapClient, client_for

WSDL = Path(__file__).parent / "wsdl" / "ForecastService.wsdl"
SCHEMA = Path(__file__).parent / "wsdl" / "forecast.xsd"
BINDING = "{urn:utilcrm:forecast}ForecastServiceBinding"


class SoapInbox:
    """Hands reports over as DemandForecast messages."""

    def __init__(self, login: Login) -> None:
        self._login = login

    def submit(self, message_id: uuid.UUID, forecast: Forecast) -> Receipt:
        """Hand a report over."""
        parts = {
            "MessageID": str(message_id),
            "CustomerNumber": forecast.customer_number,
            "Period": forecast.year_month,
            "Revision": forecast.revision,
            "Line": [
                {
                    "AgreementNumber": line.agreement,
                    "Commodity": line.commodity,
                    "CustomerGroup": line.group,
                    "Month": line.year_month,
                    "PointCount": line.points,
                    "ExpectedQuantity": line.expected_kwh,
                }
                for line in forecast.lines
            ],
        }
        answer = self._ask("SubmitForecast", parts)
        return Receipt(answer["ReceiptNumber"])

    def receipt_of(self, message_id: uuid.UUID) -> Receipt | None:
        """Ask what became of a report."""
        answer = self._ask("ForecastStatus", {"MessageID": str(message_id)})
        if answer["State"] == "UNKNOWN":
            return None
        if answer["State"] == "REFUSED":
            raise SupplierFailure(
                FailureKind.REFUSED, answer.get("Text") or "", code=answer.get("Code") or ""
            )
        return Receipt(answer.get("ReceiptNumber") or "")

    def _ask(self, operation: str, parts: dict[str, Any]) -> dict[str, Any]:
        answer = serialize_object(self._client().call(operation, parts=parts), dict)
        if not isinstance(answer, dict):
            raise SupplierFailure(
                FailureKind.UNKNOWN, _("The answer is not the XML that was agreed.")
            )
        return answer

    def _client(self) -> SoapClient:
        login = self._login
        return client_for(
            WSDL,
            SCHEMA,
            BINDING,
            Endpoint(
                url=login.url,
                username=login.username,
                password=login.password,
                connect_timeout=login.connect_timeout,
                read_timeout=login.read_timeout,
            ),
        )
