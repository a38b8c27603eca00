"""The synchronous queries: name of the response and its content."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandbox.erp import soap
from sandbox.erp.book.schema import MASTER_DATA
from sandbox.erp.book.store import Row
from sandbox.erp.budget import plan_of
from sandbox.erp.changes import by_keys, changes, digests
from sandbox.erp.contract_rules import check_contract, parties_of
from sandbox.erp.financials import statement
from sandbox.erp.findings import error
from sandbox.erp.generation import confirmed_contract
from sandbox.erp.invoice_items import invoice_items
from sandbox.erp.invoicing import invoices_of, runs_of
from sandbox.erp.office import Office
from sandbox.erp.replication import SOURCES, contents, page, total
from sandbox.erp.rules import (
    check_account,
    check_connection_object,
    check_partner,
    check_point_of_delivery,
)

Content = dict[str, Any]
RELEASE = "UtilCRM sandbox ERP 1.0"


def status(office: Office, query: Content) -> Content:
    """Say what became of a message."""
    uuid = query["UUID"]
    message = office.store.one("SELECT * FROM message WHERE uuid = ? ORDER BY seq DESC", uuid)
    if message is None:
        return {"UUID": uuid, **_status_of_object(office, query.get("ExternalReference"))}
    content: Content = {
        "UUID": uuid,
        "StateCode": "IN_PROCESS" if message["state"] == "RECEIVED" else message["state"],
        "BusinessDocumentTypeName": message["kind"],
        "ReceivedDateTime": message["received_at"],
        "ConfirmedObject": message["object"],
    }
    if message["object_type"] == "CONTRACT" and message["erp_number"]:
        contract = office.find("contract", {"InternalID": message["erp_number"]})
        content |= _progress(office, contract)
    return content | {"Log": message["log"] or soap.log([])}


def _progress(office: Office, contract: Row | None) -> Content:
    if contract is None:
        return {}
    return {
        "ConfirmedObject": confirmed_contract(office.client, contract),
        "OverallStatusCode": contract["overall"],
        "Step": contract["steps"] or [],
    }


def _status_of_object(office: Office, reference: str | None) -> Content:
    if reference:
        for object_type, (table, _element, _content) in SOURCES.items():
            if "external_reference" not in MASTER_DATA[table] or object_type == "FINANCIAL":
                continue
            row = office.find(table, {"ExternalReference": reference})
            if row is None:
                continue
            found = {
                "ObjectTypeCode": object_type,
                "ExternalReference": reference,
                "InternalID": row["id"],
                "PremiseID": row.get("premise_id"),
            }
            content = {"StateCode": "SUCCEEDED", "ConfirmedObject": found}
            if object_type == "CONTRACT":
                content |= _progress(office, row)
            return content | {"Log": soap.log([])}
    note = "No message with this UUID was received"
    return {"StateCode": "NOT_FOUND", "Log": soap.log([error("NOT_FOUND", "UUID", note)])}


def financial(office: Office, query: Content) -> Content:
    """Say what a contract account owes."""
    number = query["ContractAccountID"]
    account = office.find("contract_account", {"InternalID": number})
    if account is None:
        note = f"Contract account {number} does not exist"
        return {"Log": soap.log([error("NOT_FOUND", "ContractAccountID", note)])}
    content = statement(account, office.client.currency, office.today())
    return {"Financial": content, "Log": soap.log([])}


def budget_proposal(office: Office, query: Content) -> Content:
    """Say which instalments a contract account pays, and which it might."""
    number = query["ContractAccountID"]
    account = office.find("contract_account", {"InternalID": number})
    plan = plan_of(office, account) if account else None
    if plan is None:
        note = f"Contract account {number} has nothing to plan instalments for"
        return {"Log": soap.log([error("NOT_FOUND", "ContractAccountID", note)])}
    return {"BudgetBillingPlan": plan.proposal(), "Log": soap.log([])}


def simulation(office: Office, query: Content) -> Content:
    """Say what would be found if these objects were sent, in that order. Changes nothing."""
    contract = query["UtilitiesContract"]
    coming = {
        "business_partner": "BusinessPartner" in query,
        "contract_account": "ContractAccount" in query,
        "connection_object": "ConnectionObject" in query,
        "point_of_delivery": "PointOfDelivery" in query,
        "contract": "SupplyContract" in query,
    }
    findings = []
    if coming["business_partner"]:
        findings += check_partner(office, query["BusinessPartner"])
    if coming["contract_account"]:
        findings += check_account(
            office, query["ContractAccount"], partner_comes=coming["business_partner"]
        )
    if coming["connection_object"]:
        findings += check_connection_object(office, query["ConnectionObject"])
    if coming["point_of_delivery"]:
        findings += check_point_of_delivery(
            office, query["PointOfDelivery"], building_comes=coming["connection_object"]
        )
    tables = frozenset(table for table, comes in coming.items() if comes)
    parties = parties_of(office, contract, tables)
    findings += office.lock_on(parties.partner, "UtilitiesContractERPSimulationQuery")
    findings += check_contract(office, contract, parties)
    return {"Log": soap.log(findings)}


def replication(office: Office, query: Content) -> Content:
    """Return one page of the book."""
    content = page(
        office.store,
        office.client,
        object_type=query["ObjectTypeCode"],
        from_key=query.get("FromKey", ""),
        size=int(query["MaximumNumber"]),
        today=office.today(),
    )
    return content | {"Log": soap.log([])}


def changed_objects(office: Office, query: Content) -> Content:
    """Return what changed since a point of the change log."""
    content = changes(
        office.store,
        office.client,
        after=int(query["FromSequence"]),
        size=int(query["MaximumNumber"]),
        today=office.today(),
    )
    return content | {"Log": soap.log([])}


def object_digests(office: Office, query: Content) -> Content:
    """Return a page of digests, for the comparison of both books."""
    content = digests(
        office.store,
        office.client,
        object_type=query["ObjectTypeCode"],
        from_key=query.get("FromKey", ""),
        size=int(query["MaximumNumber"]),
    )
    return content | {"Log": soap.log([])}


def chosen_objects(office: Office, query: Content) -> Content:
    """Return the objects of some keys; a key without an object is left out."""
    object_type = query["ObjectTypeCode"]
    rows = by_keys(office.store, object_type, query["ObjectKey"])
    element = SOURCES[object_type][1]
    return {
        "ObjectTypeCode": object_type,
        "AsOfDateTime": datetime.now(UTC),
        element: contents(office.client, object_type, rows, office.today()),
        "Log": soap.log([]),
    }


def system_information(office: Office, _query: Content) -> Content:
    """Say who answers."""
    client = office.client
    return {
        "SystemID": soap.SYSTEM_ID,
        "ClientCode": client.code,
        "ReleaseName": RELEASE,
        "CountryCode": client.country,
        "CurrencyCode": client.currency,
        "ContractModelCode": client.contract_model,
        "DeviceModeCode": client.device_mode,
        "SystemDateTime": datetime.now(UTC),
        "ObjectNumber": [
            {"ObjectTypeCode": name, "Number": total(office.store, client, name)}
            for name in SOURCES
        ],
        "Log": soap.log([]),
    }


QUERIES: dict[str, Callable[[Office, Content], Content]] = {
    "BusinessDocumentStatusERPByUUIDQuery": status,
    "ContractAccountERPFinancialByIDQuery": financial,
    "UtilitiesContractERPSimulationQuery": simulation,
    "ReplicationObjectERPByKeyQuery": replication,
    "ReplicationObjectERPChangesQuery": changed_objects,
    "ReplicationObjectERPDigestsQuery": object_digests,
    "ReplicationObjectERPByKeysQuery": chosen_objects,
    "BudgetBillingPlanERPProposalQuery": budget_proposal,
    "InvoiceItemERPByInvoiceQuery": invoice_items,
    "InvoicingRunERPByPeriodQuery": runs_of,
    "InvoiceERPByRunQuery": invoices_of,
    "SystemInformationERPQuery": system_information,
}
