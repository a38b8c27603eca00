"""Every address of the workbench that a click can ask for, and with what its gaps are filled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

SPACES = {
    "interactions", "accounts", "premises", "devices", "products", "quotations", "contracts",
    "service", "conversations", "billing_sync",
}  # fmt: skip

# What stands in the gaps of an address, by its name or by the first name that fits.
GAPS: dict[str, dict[str, str]] = {
    "accounts:agreement_edit": {"uuid": "agreement"},
    "accounts:": {"uuid": "account"},
    "premises:distributor": {"uuid": "pod"},
    "premises:": {"uuid": "premise"},
    "devices:detail": {"uuid": "meter"},
    "quotations:add_item": {"uuid": "draft", "pod": "pod_of_draft"},
    "quotations:state": {"uuid": "quotation"},
    "quotations:detail": {"uuid": "quotation"},
    "quotations:reject": {"uuid": "quotation"},
    "quotations:again": {"uuid": "quotation"},
    "quotations:": {"uuid": "draft", "item": "item_of_draft"},
    "contracts:supply": {},
    "contracts:item_supply": {"uuid": "item"},
    "contracts:process_offers": {"uuid": "contract"},
    "contracts:process_new": {"kind": "kind"},
    "contracts:process_step": {"uuid": "process", "step": "step"},
    "contracts:process_keep": {"uuid": "process", "step": "step"},
    "contracts:process_decide": {},
    "contracts:process": {"uuid": "process"},
    "contracts:reading": {"uuid": "reading"},
    "contracts:for_account": {"uuid": "account"},
    "contracts:accept_quotation": {"uuid": "quotation"},
    "contracts:quotation_preflight": {"uuid": "quotation"},
    "contracts:": {"uuid": "contract", "item_uuid": "item_of_contract"},
    "service:open": {"uuid": "account"},
    "service:bills": {"uuid": "agreement"},
    "service:promise_new": {"uuid": "account"},
    "service:promise": {"uuid": "promise"},
    "service:class": {"uuid": "case_class"},
    "service:text": {"uuid": "letter_text"},
    "service:module": {"uuid": "text_module"},
    "service:": {"uuid": "case"},
    "conversations:rail": {"uuid": "contact"},
    "conversations:": {"uuid": "conversation"},
    "interactions:account": {"uuid": "account"},
    "interactions:dial": {"uuid": "account"},
    "interactions:standing": {"uuid": "account"},
    "interactions:timeline": {"uuid": "account"},
    "interactions:history": {"uuid": "account"},
    "interactions:premise": {"uuid": "premise"},
    "interactions:accept_call": {"uuid": "call"},
    "interactions:take_conversation": {"uuid": "conversation"},
    "interactions:work": {"uuid": "task"},
    "interactions:task": {"uuid": "task"},
    "interactions:abilities": {"pk": "person"},
    "interactions:alert_act": {"uuid": "alert", "position": "one"},
    "interactions:alert_dismiss": {"uuid": "alert"},
    "interactions:alert_report_rows": {"code": "alert_code"},
    "interactions:alert": {"uuid": "rule"},
    "interactions:reason": {"code": "reason"},
    "interactions:result": {"code": "result"},
    "interactions:script_step_move": {},
    "interactions:script_step_delete": {"uuid": "step_of_script"},
    "interactions:script_step_new": {"uuid": "script"},
    "interactions:script_step": {"uuid": "step_of_script"},
    "interactions:script": {"uuid": "script"},
    "interactions:start_script": {"uuid": "contact", "script": "script_in_use"},
    "interactions:confirm": {"kind": "account_word", "uuid": "account"},
    "interactions:unconfirm": {"uuid": "contact", "kind": "account_word"},
    "interactions:run": {"uuid": "run"},
    "interactions:wrap_up": {"uuid": "wrapped"},
    "interactions:resume": {"uuid": "wrapped"},
    "interactions:": {"uuid": "contact"},
    "billing_sync:arrange": {"uuid": "agreement"},
    "billing_sync:budget": {"uuid": "agreement"},
    "billing_sync:pay": {"uuid": "agreement"},
    "billing_sync:invoices": {"uuid": "account"},
}

# What is asked for with words behind it; each is a page of its own in the table.
QUERIES: dict[str, list[str]] = {
    "interactions:search": ["q={name}", "q={number}", "q={street}"],
    "interactions:statistics": [
        *(f"by={by}" for by in ("day", "queue", "agent", "campaign", "hour")),
        *(f"by={by}&first={{quarter}}" for by in ("day", "agent")),
    ],
    "interactions:statistics_file": ["by=day&first={quarter}"],
    "interactions:statistics_calls": ["first={quarter}", "first={quarter}&outcome=abandoned"],
    "interactions:statistics_contacts": ["first={quarter}"],
    "interactions:alert_report": ["first={quarter}"],
    "interactions:alert_report_rows": ["first={quarter}"],
    "interactions:script_report": ["first={quarter}"],
    "interactions:alert_rule": ["", "account={number}"],
    "interactions:rail_alerts": ["", "wrap-up"],
    "contracts:reading_new": ["pod={pod}"],
    "contracts:process_new": ["contract={contract}"],
    "conversations:list": ["", "show=mine", "show=all"],
    "premises:find": ["postcode={postcode}&street={street}"],
    "quotations:create": ["account={account}"],
    "billing_sync:budget_of": ["account={account}"],
    "service:cases": ["", "state=CLOSED"],
    "service:promises": ["", "state=KEPT"],
}

FILES = {
    "quotations:preview", "service:board_file", "interactions:statistics_file",
    "interactions:alert_report_file", "interactions:script_report_file",
}  # fmt: skip
"""What a click saves to disk: however long it is, no screen waits for it."""

# Not pages of the workbench: machines, the back office of the ERP line, or nothing to look at.
LEFT_OUT = {
    "interactions:telephone": "for the telephone system",
    "conversations:incoming": "for mail servers",
    "billing_sync:soap": "for the ERP",
    "billing_sync:print_soap": "for the print company",
    "conversations:file": "a file of a message, none loaded",
    "conversations:other_draft": "needs two windows",
    "billing_sync:invoice": "opens in the archive",
    "interactions:script_unbind": "no script is bound here",
    "quotations:decide": "no approval is asked for",
    "contracts:process_decide": "no approval is asked for",
    "service:day_remove": "no day of the company's own",
    "interactions:script_step_move": "a button without a page",
}
_BACK_OFFICE = (
    "billing_sync:invoice_", "billing_sync:download", "billing_sync:conflict",
    "billing_sync:difference", "billing_sync:endpoint", "billing_sync:compare",
    "billing_sync:unbilled", "contracts:supp", "contracts:item_supply", "devices:order",
    "devices:place", "devices:device", "conversations:mailboxes", "conversations:check_mailbox",
)  # fmt: skip


@dataclass(frozen=True)
class Address:
    """One address: its name, its route's gaps, and the words asked behind it."""

    name: str
    gaps: dict[str, str]
    query: str = ""

    @property
    def is_file(self) -> bool:
        """Whether it is a file and no page."""
        return self.name in FILES

    @property
    def label(self) -> str:
        """How the table calls it."""
        return self.name + (f" ?{self.query.format_map(_Plain())}" if self.query else "")


class _Plain(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


class Unknown(Exception):
    """An address has been added of which nobody has said here with what its gaps are filled."""


def _patterns(
    entries: list[URLPattern | URLResolver], space: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            if entry.namespace in SPACES or (entry.namespace is None and space):
                yield from _patterns(entry.url_patterns, entry.namespace or space)
        elif space:
            yield f"{space}:{entry.name}", entry


def addresses() -> Iterator[Address]:
    """
    Give every address that answers GET.

    :raises Unknown: if one has gaps that cannot be filled
    """
    for name, pattern in _patterns(get_resolver("utilcrm.urls").url_patterns):
        view = getattr(pattern.callback, "view_class", None)
        has_page = hasattr(view, "get") and "get" in getattr(view, "http_method_names", ())
        if name in LEFT_OUT or name.startswith(_BACK_OFFICE) or not has_page:
            continue
        wanted = pattern.pattern.converters
        known = next((gaps for key, gaps in GAPS.items() if name.startswith(key)), {})
        if name in GAPS:
            known = GAPS[name]
        if missing := set(wanted) - set(known):
            raise Unknown(f"{name}: what stands for {', '.join(missing)}?")
        for query in QUERIES.get(name, [""]):
            yield Address(name, {gap: known[gap] for gap in wanted}, query)
