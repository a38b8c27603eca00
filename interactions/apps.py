"""App configuration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from interactions.panels import builders
from utilcrm.web.palette import Command, NavItem, register
from utilcrm.web.returning import with_params

_SCRIPT = "numbered-list"


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
            *(
                Command(
                    f"contact-{key}",
                    label,
                    _of_contact(name),
                    group=_("Contact"),
                    permission="interactions.handle_interaction",
                    icon=icon,
                    method=method,
                    order=21,
                )
                for key, label, name, icon, method in (
                    ("script", _("Start a script"), "interactions:choose_script", _SCRIPT, "GET"),
                    ("verify", _("Verify caller"), "interactions:verify", "verified", "GET"),
                    ("wrap-up", _("Wrap up"), "interactions:wrap_up", "wrap-up", "GET"),
                    ("end", _("Customer has hung up"), "interactions:end", "call-end", "POST"),
                    ("clear", _("Clear identification"), "interactions:clear", "close", "POST"),
                )
            ),
            *builders(),
            Command(
                "quotation-new",
                _("New quotation for this customer"),
                _new_quotation,
                group=_("Sell"),
                permission="quotations.create_quotation",
                icon="quotation",
                shortcut="g o",
                order=30,
            ),
            Command(
                "case-new",
                _("Open a case (inquiry, complaint, dispute)"),
                _new_case,
                group=_("Customer"),
                permission="service.open_case",
                icon="chat",
                shortcut="g k",
                order=30,
            ),
            Command(
                "promise-new",
                _("Promise the customer something"),
                _new_promise,
                group=_("Customer"),
                permission="service.make_promise",
                icon="verified",
                shortcut="g v",
                order=31,
            ),
            Command(
                "reading-new",
                _("Enter a meter reading"),
                _in_context("contracts:reading_new"),
                group=_("Customer"),
                permission="devices.report_reading",
                icon="desk",
                shortcut="g m",
                order=32,
            ),
            Command(
                "budget",
                _("Change the monthly instalment"),
                _in_context("billing_sync:budget_of"),
                group=_("Customer"),
                permission="billing_sync.change_instalments",
                icon="bill",
                shortcut="g i",
                order=33,
            ),
            Command(
                "pay-later",
                _("Defer a payment, or split it into instalments"),
                _of_agreement("billing_sync:arrange"),
                group=_("Customer"),
                permission="billing_sync.arrange_payment",
                icon="balance",
                order=33,
            ),
            Command(
                "payment-data",
                _("Change payment data (IBAN, method)"),
                _of_agreement("accounts:agreement_edit"),
                group=_("Customer"),
                permission="accounts.change_account_data",
                icon="agreement",
                order=34,
            ),
            Command(
                "account-edit",
                _("Change name, address or reach"),
                _edit_account,
                group=_("Customer"),
                permission="accounts.change_account_data",
                icon="edit",
                order=31,
            ),
            Command(
                "account-protection",
                _("Protection from disconnection"),
                _protection,
                group=_("Customer"),
                permission="accounts.change_account_data",
                icon="verified",
                order=35,
            ),
        )


def _of_contact(name: str) -> Any:
    """Return an address maker for a page of the present contact."""

    def address(request: Any) -> str | None:
        contact = getattr(request, "interaction", None)
        return reverse(name, args=[contact.uuid]) if contact else None

    return address


def _new_quotation(request: Any) -> str | None:
    contact = getattr(request, "interaction", None)
    if not contact or contact.account is None:
        return None
    url = reverse("quotations:create") + f"?account={contact.account.uuid}"
    if contact.agreement is not None:
        url += f"&agreement={contact.agreement.uuid}"
    if contact.premise is not None:
        url += f"&premise={contact.premise.uuid}"
    return url


def _new_case(request: Any) -> str | None:
    contact = getattr(request, "interaction", None)
    if not contact or contact.account is None:
        return None
    url = reverse("service:open", args=[contact.account.uuid])
    known = {"agreement": contact.agreement, "premise": contact.premise}
    named = {key: row.uuid for key, row in known.items() if row is not None}
    return with_params(url, channel=contact.channel, **named)


def _new_promise(request: Any) -> str | None:
    contact = getattr(request, "interaction", None)
    if not contact or contact.account is None:
        return None
    return reverse("service:promise_new", args=[contact.account.uuid])


def _protection(request: Any) -> str | None:
    contact = getattr(request, "interaction", None)
    if not contact or contact.account is None:
        return None
    return reverse("accounts:protection", args=[contact.account.uuid])


def _of_agreement(name: str) -> Any:
    """Return an address maker for a page of the business agreement that is confirmed."""

    def address(request: Any) -> str | None:
        contact = getattr(request, "interaction", None)
        if not contact or contact.agreement is None:
            return None
        return reverse(name, args=[contact.agreement.uuid])

    return address


def _in_context(name: str) -> Any:
    """Return an address maker for a process that begins with what the contact has confirmed."""

    def address(request: Any) -> str | None:
        contact = getattr(request, "interaction", None)
        if not contact or not (contact.premise or contact.account):
            return None
        known = {
            "premise": contact.premise,
            "account": contact.account,
            "agreement": contact.agreement,
        }
        named = "&".join(f"{key}={row.uuid}" for key, row in known.items() if row is not None)
        return f"{reverse(name)}?{named}"

    return address


def _edit_account(request: Any) -> str | None:
    contact = getattr(request, "interaction", None)
    if not contact or contact.account is None:
        return None
    return reverse("accounts:edit", args=[contact.account.uuid])
