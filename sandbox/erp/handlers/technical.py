"""Connection objects, premises and points of delivery."""

from sandbox.erp.findings import failed
from sandbox.erp.handlers.outcome import Data, Outcome, address_columns
from sandbox.erp.office import Office
from sandbox.erp.rules import check_connection_object, check_point_of_delivery


def create_connection_object(office: Office, building: Data) -> Outcome:
    """Create a connection object."""
    outcome = Outcome("CONNECTION_OBJECT", building["ExternalReference"])
    if known := office.existing("connection_object", building["ExternalReference"]):
        outcome.exists_already(known)
        return outcome
    outcome.findings = check_connection_object(office, building)
    if not failed(outcome.findings):
        number = office.store.next_number("connection_object")
        office.store.insert(
            "connection_object",
            id=number,
            external_reference=building["ExternalReference"],
            origin="CRM",
            **address_columns(building["Address"]),
        )
        outcome.keys["InternalID"] = number
        outcome.effect = "created"
    return outcome


def create_point_of_delivery(office: Office, point: Data) -> Outcome:
    """Create a point of delivery, and its premise when that is new."""
    outcome = Outcome("POINT_OF_DELIVERY", point["ExternalReference"])
    if known := office.existing("point_of_delivery", point["ExternalReference"]):
        outcome.exists_already(known)
        outcome.keys["PremiseID"] = known["premise_id"]
        return outcome
    outcome.findings = check_point_of_delivery(office, point)
    building = office.find("connection_object", point["ConnectionObject"])
    if building and not failed(outcome.findings):
        premise_id = _premise(office, point["Premise"], building["id"])
        number = office.store.next_number("point_of_delivery")
        office.store.insert(
            "point_of_delivery",
            id=number,
            external_reference=point["ExternalReference"],
            premise_id=premise_id,
            co_id=building["id"],
            external_id=point["ExternalID"],
            scheme=point["SchemeCode"],
            division=point["DivisionCode"],
            valid_from=point["ValidFrom"],
            valid_to=point.get("ValidTo"),
            services=point.get("Service", []),
            origin="CRM",
        )
        outcome.keys |= {"InternalID": number, "PremiseID": premise_id}
        outcome.effect = "created"
    return outcome


def _premise(office: Office, premise: Data, co_id: str) -> str:
    key = {"InternalID": premise.get("PremiseID")} | premise
    if known := office.find("premise", key):
        return str(known["id"])
    number = office.store.next_number("premise")
    office.store.insert(
        "premise",
        id=number,
        external_reference=premise["ExternalReference"],
        co_id=co_id,
        flat=premise.get("Flat"),
        floor=premise.get("Floor"),
        category=premise["CategoryCode"],
        origin="CRM",
    )
    return number
