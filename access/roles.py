"""
The one table of roles: what each may do, which customers it sees, how much discount it gives.

`access.services.roles.sync_roles` writes it into a tenant's groups; screens and services ask for
permissions, never for roles.
"""

from __future__ import annotations

from decimal import Decimal

from access.choices import Role, SegmentCode

BOTH = frozenset({SegmentCode.RESIDENTIAL, SegmentCode.CORPORATE})

SEGMENTS: dict[Role, frozenset[SegmentCode]] = {
    Role.PHONE_SALES_AGENT: BOTH,
    Role.SALES_AGENT: BOTH,
    Role.SALES_SUPERVISOR: BOTH,
    Role.ADMINISTRATION_CLERK: BOTH,
    Role.REGIONAL_SALES_MANAGER: frozenset({SegmentCode.RESIDENTIAL}),
    Role.CORPORATE_RELATIONS_MANAGER: frozenset({SegmentCode.CORPORATE}),
    Role.TENANT_ADMIN: BOTH,
}

DISCOUNT_LIMIT: dict[Role, Decimal] = {
    Role.PHONE_SALES_AGENT: Decimal(5),
    Role.SALES_AGENT: Decimal(5),
    Role.CORPORATE_RELATIONS_MANAGER: Decimal(10),
    Role.SALES_SUPERVISOR: Decimal(15),
    Role.REGIONAL_SALES_MANAGER: Decimal(30),
}
"""Per cent of the energy price that a role may give without anybody's approval."""

_LOOK = [
    "access.use_workbench",
    "accounts.view_account",
    "premises.view_premise",
    "quotations.view_quotation",
    "contracts.view_contract",
    "market.view_supplyperiod",
    "correspondence.view_document",
    "billing_sync.view_invoice",
    "service.view_case",
    "service.view_promise",
    "conversations.view_conversation",
]
_SERVE = [
    "service.open_case",
    "service.work_case",
    "service.make_promise",
    "billing_sync.arrange_payment",
]
_LEAD_SERVICE = [
    "service.lead_cases",
    "service.edit_caseclass",
    "conversations.lead_conversations",
]
_LIFE = [
    "contracts.end_contract",
    "contracts.move_customer",
    "contracts.change_contract_terms",
]
_SELL = [
    *_LOOK,
    "accounts.create_account",
    "accounts.change_account_data",
    "premises.create_premise",
    "quotations.create_quotation",
    "quotations.send_quotation",
    "quotations.accept_quotation",
    "quotations.reject_quotation",
    "contracts.request_signature",
    "contracts.amend_contract",
    "contracts.withdraw_contract",
    "contracts.retry_item",
    *_LIFE,
    "interactions.handle_interaction",
    "interactions.add_task",
    *_SERVE,
    "devices.report_reading",
    "billing_sync.change_instalments",
    "correspondence.upload_document",
    "correspondence.make_document",
    "conversations.handle_conversation",
]
_APPROVE = ["quotations.decide_approval"]
_BACK_OFFICE = [
    "events.view_messages",
    "events.mend_message",
    "billing_sync.run_download",
    "billing_sync.settle_conflict",
    "billing_sync.repair_difference",
    "billing_sync.manage_invoices",
    "contracts.resend_letter",
]
_LETTERS = ["conversations.scan_letter"]
_MAILBOXES = [
    "conversations.manage_mailbox",
    *(f"conversations.{action}_mailbox" for action in ("view", "add", "change")),
    *(f"conversations.{action}_replytemplate" for action in ("view", "add", "change", "delete")),
]
_SUPPLY = ["products.manage_supply", "market.report_supply"]
_REGISTER = [
    "market.view_markettask",
    "market.do_task",
    "market.view_registermessage",
    "market.claim_again",
    "market.view_disconnectionorder",
    "market.order_disconnection",
]
_DEVICES = ["devices.order_device"]
_MIGRATE = ["migration_import.run_import"]
_SCRIPTS = [
    "interactions.edit_script",
    "interactions.edit_alert_rule",
    "interactions.edit_wrap_up",
]
_LEAD_TEAM = [
    "interactions.lead_agents",
    "interactions.view_statistics",
    *(
        f"interactions.{action}_{model}"
        for action in ("view", "add", "change")
        for model in ("skill", "workqueue")
    ),
]
_SCRIPT_REPORT = ["interactions.view_script_report", "interactions.view_alert_report"]
_ATTRIBUTES = [f"accounts.{action}_attribute" for action in ("view", "add", "change")]
_MARKET = [
    f"premises.{action}_{model}"
    for action in ("view", "add", "change")
    for model in ("serviceprovider", "gridarea")
]

PERMISSIONS: dict[Role, list[str]] = {
    Role.PHONE_SALES_AGENT: [*_SELL, *_DEVICES],
    Role.SALES_AGENT: [*_SELL, *_DEVICES, "contracts.resend_letter"],
    Role.SALES_SUPERVISOR: [
        *_SELL,
        *_APPROVE,
        *_BACK_OFFICE,
        *_SUPPLY,
        *_REGISTER,
        *_DEVICES,
        *_SCRIPTS,
        *_SCRIPT_REPORT,
        *_LEAD_SERVICE,
        *_LEAD_TEAM,
        *_LETTERS,
    ],
    Role.ADMINISTRATION_CLERK: [
        *_LOOK,
        *_SERVE,
        "devices.report_reading",
        "billing_sync.change_instalments",
        "correspondence.upload_document",
        "correspondence.make_document",
        "contracts.retry_item",
        *_LIFE,
        *_BACK_OFFICE,
        *_SUPPLY,
        *_REGISTER,
        *_DEVICES,
        *_MIGRATE,
        *_LETTERS,
    ],
    Role.REGIONAL_SALES_MANAGER: [
        *_LOOK,
        *_APPROVE,
        *_SCRIPT_REPORT,
        "interactions.view_statistics",
    ],
    Role.CORPORATE_RELATIONS_MANAGER: [*_SELL, *_SCRIPT_REPORT],
    Role.TENANT_ADMIN: [
        *_SELL,
        *_APPROVE,
        *_BACK_OFFICE,
        *_SUPPLY,
        *_REGISTER,
        *_DEVICES,
        *_MIGRATE,
        *_MARKET,
        "market.change_supplierendpoint",
        *_SCRIPTS,
        *_SCRIPT_REPORT,
        *_LEAD_SERVICE,
        *_LEAD_TEAM,
        *_LETTERS,
        *_MAILBOXES,
        *_ATTRIBUTES,
    ],
}
