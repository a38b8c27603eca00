"""Another business agreement pays for the contract."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import BusinessAgreement
from contracts.choices import ProcessEffect, ProcessKind, Severity
from contracts.models import Contract, ContractProcess
from contracts.services.preflight.shapes import Finding
from contracts.services.processes.live import contract_of, items_to_end, why_no_end
from contracts.services.processes.registry import Facts, Kind, Step, register
from contracts.services.processes.shapes import Effect, Plan, ProcessRefused
from utilcrm import clock


def _build(process: ContractProcess, facts: Facts) -> Plan:
    contract = contract_of(process)
    wanted = str(facts.get("agreement") or "")
    rows = BusinessAgreement.objects.filter(account=process.account)
    agreement = rows.filter(uuid=wanted).first() if wanted else None
    if agreement is None:
        raise ProcessRefused(
            _("Choose a business agreement."), code="AGREEMENT_MISSING", field="agreement"
        )
    items = items_to_end(process, contract)
    return Plan(
        effective_on=clock.today(),
        effects=tuple(
            Effect(item, ProcessEffect.CHANGES, {"agreement": str(agreement.uuid)})
            for item in items
        ),
        reason=_("Now paid by business agreement %(number)s") % {"number": agreement.number},
        code=agreement.number,
    )


def _check(process: ContractProcess, plan: Plan) -> list[Finding]:
    agreement = BusinessAgreement.objects.get(number=plan.code)
    if not agreement.is_replicated:
        return [
            Finding(
                "CA_MISSING",
                Severity.BLOCK,
                _("The ERP has not given this business agreement its number yet."),
                field="agreement",
            )
        ]
    contract = process.contract
    present = contract.business_agreement if contract else None
    if present is not None and present.pk == agreement.pk and process.is_draft:
        return [
            Finding(
                "SAME_AGREEMENT",
                Severity.BLOCK,
                _("It is paid by this business agreement already."),
                field="agreement",
            )
        ]
    return []


def _why_not(contract: Contract) -> str:
    why = why_no_end(contract)
    if not why and contract.account.agreements.count() < 2:
        return _("The customer has no other business agreement.")
    return why


register(
    Kind(
        code=ProcessKind.AGREEMENT_CHANGE,
        title=gettext_lazy("Change of business agreement"),
        intro=gettext_lazy("Who pays and how, from today on. What is open stays where it is."),
        steps=(Step("agreement", gettext_lazy("Business agreement")),),
        permission="contracts.change_contract_terms",
        build=_build,
        check=_check,
        possible=_why_not,
        reason_code="AGREEMENT",
        icon="agreement",
        order=52,
        submit_label=gettext_lazy("Change the business agreement"),
    )
)
