"""Our own checks: they need nothing but our own tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from contracts.choices import ItemRole, Severity
from contracts.services.preflight.shapes import Finding, PreflightSubject, link
from contracts.services.requesting import email_of
from quotations.services.conditions import StartDateOutOfRange, check_start_date
from tenants.queries import current_profile
from tenants.scenario import typed_meter_data_allowed
from utilcrm.identifiers import InvalidIdentifier, validate_iban


def start_date_problem(starts_on: dt.date) -> str:
    """Say why supply may not start on a day; empty if it may."""
    try:
        check_start_date(starts_on)
    except StartDateOutOfRange as exc:
        return str(exc)
    return ""


def check_products(subject: PreflightSubject) -> Iterable[Finding]:
    """Products without a master data template cannot be set up in the ERP."""
    for item in subject.supplies:
        if item.product is None:
            yield Finding(
                "PRODUCT_MISSING",
                Severity.BLOCK,
                _("No product is chosen for %(pod)s.") % {"pod": item.pod.external_id},
                field="product",
                link_url=subject.edit_url,
                link_label=_("Choose a product"),
            )
        elif not item.product.can_be_generated:
            yield Finding(
                "TEMPLATE_MISSING",
                Severity.BLOCK,
                _(
                    "The ERP cannot set up %(product)s: it has no master data template. "
                    "Choose another product."
                )
                % {"product": item.product.name},
                field="product",
                link_url=subject.edit_url,
                link_label=_("Choose another product"),
            )


def check_grid_usage(subject: PreflightSubject) -> Iterable[Finding]:
    """Grid usage needs a distributor, its tariff, and the ERP's template for it."""
    for item in subject.items:
        if item.role != ItemRole.GRID_USAGE:
            continue
        facts = {"pod": item.pod.external_id, "distributor": item.provider}
        if item.provider is None:
            yield Finding(
                "DISTRIBUTOR_UNKNOWN",
                Severity.BLOCK,
                _("It is not known who runs the grid at %(pod)s.") % facts,
                field="service_provider",
                link_url=link("premises:distributor", item.pod.uuid),
                link_label=_("Set the distributor"),
            )
        elif item.product is None:
            yield Finding(
                "GRID_TARIFF_MISSING",
                Severity.BLOCK,
                _("No grid tariff of %(distributor)s is known for this customer and start.")
                % facts,
                field="grid_tariff",
                link_url=subject.edit_url,
                link_label=_("Change the start"),
            )
        elif not item.product.can_be_generated:
            yield Finding(
                "TEMPLATE_MISSING",
                Severity.BLOCK,
                _(
                    "The ERP cannot set up the grid usage of %(distributor)s: the tariff has no "
                    "master data template. The administrator has to name one."
                )
                % facts,
                field="grid_tariff",
            )


def check_start(subject: PreflightSubject) -> Iterable[Finding]:
    """The start must be known, and within the tenant's limits."""
    for item in subject.items:
        problem = (
            start_date_problem(item.starts_on)
            if item.starts_on
            else _("The start of supply is not set.")
        )
        if problem:
            yield Finding(
                "START_DATE",
                Severity.BLOCK,
                problem,
                field="starts_on",
                link_url=subject.edit_url,
                link_label=_("Change the start"),
            )


def check_agreement(subject: PreflightSubject) -> Iterable[Finding]:
    """A contract needs payment data before the ERP takes it."""
    agreement = subject.business_agreement
    account_url = link("accounts:agreement_create", subject.account.uuid)
    if agreement is None:
        yield Finding(
            "AGREEMENT_MISSING",
            Severity.BLOCK,
            _("There is no business agreement: it is not known how the customer pays."),
            field="business_agreement",
            link_url=account_url,
            link_label=_("Add a business agreement"),
        )
        return
    if agreement.pays_by_direct_debit:
        try:
            validate_iban(agreement.iban)
        except InvalidIdentifier as exc:
            yield Finding(
                "IBAN_INVALID",
                Severity.BLOCK,
                _("The bank account of the direct debit is not valid: %(why)s") % {"why": exc},
                field="iban",
                link_url=link("accounts:agreement_edit", agreement.uuid),
                link_label=_("Correct the bank account"),
            )
    if not agreement.is_replicated:
        yield Finding(
            "AGREEMENT_PENDING",
            Severity.INFO,
            _("The business agreement is new. It goes to the ERP before the contract."),
        )


def check_account(subject: PreflightSubject) -> Iterable[Finding]:
    """The customer must be reachable for the signature."""
    if not email_of(subject.account):
        yield Finding(
            "EMAIL_MISSING",
            Severity.BLOCK,
            _("There is no e-mail address to send the link for the signature to."),
            field="email",
            link_url=link("accounts:edit", subject.account.uuid),
            link_label=_("Add an e-mail address"),
        )
    if not subject.account.is_replicated:
        yield Finding(
            "ACCOUNT_PENDING",
            Severity.INFO,
            _("The account is new. It goes to the ERP before the contract."),
        )


def check_meter(subject: PreflightSubject) -> Iterable[Finding]:
    """Where we type the meter data, the ERP makes the device info record of them."""
    if not typed_meter_data_allowed(current_profile()):
        return
    for item in subject.items:
        if item.role != ItemRole.SUPPLY:
            continue
        missing = not item.meter_serial or not item.registers
        unread = [one.code for one in item.registers if one.move_in_reading is None]
        if missing or (unread and item.move_in):
            yield Finding(
                "METER_MISSING" if missing else "READING_MISSING",
                Severity.WARN,
                _("The meter of %(pod)s is not described completely.")
                % {"pod": item.pod.external_id}
                if missing
                else _("There is no reading at the start. The ERP makes no contract without it."),
                field="meter_serial",
                link_url=subject.edit_url,
                link_label=_("Complete the meter data"),
            )
