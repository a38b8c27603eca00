"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from interactions.panels import builders
from interactions.queries.starting import (
    in_context,
    new_case,
    new_quotation,
    of_account,
    of_agreement,
    of_contact,
    presence,
)
from utilcrm.web.palette import Command, NavItem, register

_SCRIPT = "numbered-list"
_HANDLE = "interactions.handle_interaction"


class InteractionsConfig(AppConfig):
    """The interaction centre: identification, 360 view, wrap-up."""

    name = "interactions"
    verbose_name = _("Interaction centre")

    def ready(self) -> None:
        """Offer the desk in the side bar and the processes in the command palette."""
        register(
            NavItem(
                "desk", _("Desk"), "interactions:desk", "desk", "access.use_workbench", 10, "/"
            ),
            Command("desk", _("Desk"), "interactions:desk", shortcut="g d", icon="desk", order=10),
            Command(
                "contact-new",
                _("New contact"),
                "interactions:start",
                group=_("Contact"),
                permission="interactions.handle_interaction",
                icon="call",
                order=20,
            ),
            NavItem("queue", _("Queue"), "interactions:queue", "waiting", _HANDLE, 15, "/queue/"),
            Command(
                "queue",
                _("Queue"),
                "interactions:queue",
                permission=_HANDLE,
                icon="waiting",
                shortcut="g u",
                order=11,
            ),
            *(
                Command(
                    f"presence-{key.lower()}",
                    label,
                    presence(*key.split("-")),
                    group=_("Presence"),
                    permission=_HANDLE,
                    icon="user",
                    shortcut=shortcut,
                    method="POST",
                    order=25,
                )
                for key, label, shortcut in (
                    ("READY", _("I am ready"), "g y"),
                    ("BUSY", _("I am busy with other work"), ""),
                    ("BREAK-LUNCH", _("I go to lunch"), ""),
                    ("BREAK-SHORT", _("I take a short break"), "g b"),
                    ("AWAY", _("I am away"), ""),
                    ("OFFLINE", _("I go home"), ""),
                )
            ),
            *(
                Command(
                    f"contact-{key}",
                    label,
                    of_contact(name),
                    group=_("Contact"),
                    permission="interactions.handle_interaction",
                    icon=icon,
                    method=method,
                    order=21,
                )
                for key, label, name, icon, method in (
                    ("script", _("Start a script"), "interactions:choose_script", _SCRIPT, "GET"),
                    ("hand-over", _("Hand over"), "interactions:hand_over", "user", "GET"),
                    ("verify", _("Verify caller"), "interactions:verify", "verified", "GET"),
                    ("wrap-up", _("Wrap up"), "interactions:wrap_up", "wrap-up", "GET"),
                    ("end", _("Customer has hung up"), "interactions:end", "call-end", "POST"),
                    ("clear", _("Clear identification"), "interactions:clear", "close", "POST"),
                )
            ),
            NavItem(
                "wall",
                _("Wall"),
                "interactions:wall",
                "chart-bar",
                "interactions.view_statistics",
                710,
                "/wall/",
            ),
            Command(
                "wall",
                _("Wall: what waits, who is there"),
                "interactions:wall",
                permission="interactions.view_statistics",
                icon="chart-bar",
                shortcut="g h",
                order=58,
            ),
            Command(
                "statistics",
                _("Figures of the interaction centre"),
                "interactions:statistics",
                permission="interactions.view_statistics",
                icon="chart-bar",
                shortcut="g j",
                order=59,
            ),
            *builders(),
            Command(
                "quotation-new",
                _("New quotation for this customer"),
                new_quotation,
                group=_("Sell"),
                permission="quotations.create_quotation",
                icon="quotation",
                shortcut="g o",
                order=30,
            ),
            Command(
                "case-new",
                _("Open a case (inquiry, complaint, dispute)"),
                new_case,
                group=_("Customer"),
                permission="service.open_case",
                icon="chat",
                shortcut="g k",
                order=30,
            ),
            Command(
                "promise-new",
                _("Promise the customer something"),
                of_account("service:promise_new"),
                group=_("Customer"),
                permission="service.make_promise",
                icon="verified",
                shortcut="g v",
                order=31,
            ),
            Command(
                "reading-new",
                _("Enter a meter reading"),
                in_context("contracts:reading_new"),
                group=_("Customer"),
                permission="devices.report_reading",
                icon="desk",
                shortcut="g m",
                order=32,
            ),
            Command(
                "budget",
                _("Change the monthly instalment"),
                in_context("billing_sync:budget_of"),
                group=_("Customer"),
                permission="billing_sync.change_instalments",
                icon="bill",
                shortcut="g i",
                order=33,
            ),
            Command(
                "pay-later",
                _("Defer a payment, or split it into instalments"),
                of_agreement("billing_sync:arrange"),
                group=_("Customer"),
                permission="billing_sync.arrange_payment",
                icon="balance",
                order=33,
            ),
            Command(
                "pay",
                _("Take a payment (debit what is open)"),
                of_agreement("billing_sync:pay"),
                group=_("Customer"),
                permission="billing_sync.arrange_payment",
                icon="balance",
                shortcut="c d",
                order=32,
            ),
            Command(
                "payment-data",
                _("Change payment data (IBAN, method)"),
                of_agreement("accounts:agreement_edit"),
                group=_("Customer"),
                permission="accounts.change_account_data",
                icon="agreement",
                shortcut="c b",
                order=34,
            ),
            Command(
                "account-edit",
                _("Change name, address or reach"),
                of_account("accounts:edit"),
                group=_("Customer"),
                permission="accounts.change_account_data",
                icon="edit",
                shortcut="c n",
                order=31,
            ),
            Command(
                "account-protection",
                _("Protection from disconnection"),
                of_account("accounts:protection"),
                group=_("Customer"),
                permission="accounts.change_account_data",
                icon="verified",
                order=35,
            ),
        )
