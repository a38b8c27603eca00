"""What happened to a contract, its items and its requests to sign, for people to read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.choices import ProcessKind, StepCode, StepStatus
from contracts.models import Contract, ContractItem, ContractProcess, SignatureRequest
from events.models import Event
from events.queries import describe_alterations


@dataclass(frozen=True)
class Entry:
    """One line of the history, in the shape of `components/timeline.html`."""

    at: dt.datetime
    title: str
    text: str = ""
    actor: str = ""
    icon: str = "timeline"
    tone: str = ""
    url: str = ""


_TITLES: dict[str, tuple[str | Promise, str, str]] = {
    "contracts.contract.created": (gettext_lazy("Contract drawn up"), "contract", ""),
    "contracts.contract.amended": (gettext_lazy("Contract changed"), "edit", ""),
    "contracts.contract.withdrawn": (gettext_lazy("Contract taken back"), "close", "danger"),
    "contracts.item.supplier_changed": (gettext_lazy("Energy supplier changed"), "building", ""),
    "contracts.contract.signed": (gettext_lazy("Contract signed"), "signature", "success"),
    "contracts.contract.completed": (gettext_lazy("Contract completed"), "done", "success"),
    "contracts.letter.issued": (gettext_lazy("Welcome letter issued"), "email", ""),
    "contracts.signature.requested": (gettext_lazy("Signature asked for"), "signature", ""),
    "contracts.signature.sent": (gettext_lazy("Link to sign sent"), "email", ""),
    "contracts.signature.resent": (gettext_lazy("New link to sign"), "email", ""),
    "contracts.signature.reminded": (gettext_lazy("Customer reminded"), "email", ""),
    "contracts.signature.opened": (gettext_lazy("Link opened by the customer"), "user", ""),
    "contracts.signature.withdrawn": (gettext_lazy("Link taken back"), "close", ""),
    "contracts.signature.found_altered": (
        gettext_lazy("The document is not the one that was sent"),
        "danger",
        "danger",
    ),
    "contracts.signature.expired": (gettext_lazy("Link expired"), "waiting", "warning"),
    "contracts.item.queued": (gettext_lazy("Queued for the ERP"), "waiting", ""),
    "contracts.item.sent": (gettext_lazy("Sent to the ERP"), "next", ""),
    "contracts.item.accepted": (gettext_lazy("Taken by the ERP"), "done", ""),
    "contracts.item.completed": (gettext_lazy("Set up in the ERP"), "done", "success"),
    "contracts.item.rejected": (gettext_lazy("Refused by the ERP"), "failed", "danger"),
    "contracts.item.requeued": (gettext_lazy("Sent to the ERP again"), "retry", ""),
    "contracts.item.altered_in_erp": (gettext_lazy("Changed by the ERP"), "delivery", ""),
    "contracts.item.added_in_erp": (gettext_lazy("Made by the ERP"), "delivery", ""),
    "contracts.item.removed_in_erp": (gettext_lazy("Deleted in the ERP"), "delivery", "warning"),
    "contracts.item.ended": (gettext_lazy("Ended"), "close", ""),
    "contracts.process.started": (gettext_lazy("Process begun"), "edit", ""),
    "contracts.process.released": (gettext_lazy("Process released"), "next", ""),
    "contracts.process.sent": (gettext_lazy("Process with the ERP"), "next", ""),
    "contracts.process.confirmed": (
        gettext_lazy("Process confirmed by the ERP"),
        "done",
        "success",
    ),
    "contracts.process.rejected": (gettext_lazy("Process refused by the ERP"), "failed", "danger"),
    "contracts.process.cancelled": (gettext_lazy("Process given up"), "close", ""),
    "contracts.process.approval_requested": (
        gettext_lazy("Approval of a price asked for"),
        "waiting",
        "",
    ),
    "contracts.process.approval_decided": (gettext_lazy("Price decided"), "done", ""),
    "contracts.item.step_reported": (gettext_lazy("ERP step"), "done", ""),
}


def history_of(contract: Contract, *, limit: int = 60) -> list[Entry]:
    """Return the newest lines of a contract's history, in one query for all its records."""
    item_ids = [item.pk for item in contract.items.all()]
    subjects = Q(subject_type=Contract._meta.label, subject_id=contract.pk)
    if item_ids:
        subjects |= Q(subject_type=ContractItem._meta.label, subject_id__in=item_ids)
    if contract.signature_request_id:
        subjects |= Q(
            subject_type=SignatureRequest._meta.label, subject_id=contract.signature_request_id
        )
    about = ContractProcess.objects.filter(
        Q(contract=contract) | Q(items__item__contract=contract)
    ).values("pk")
    subjects |= Q(subject_type=ContractProcess._meta.label, subject_id__in=about)
    events = Event.objects.filter(subjects).order_by("-pk")[:limit]
    return [_entry(event) for event in events]


def _entry(event: Event) -> Entry:
    title, icon, tone = _TITLES.get(event.name, (event.name, "timeline", ""))
    return Entry(
        at=event.occurred_at,
        title=str(title),
        text=_text(event),
        actor=event.actor_label,
        icon=icon,
        tone=tone,
    )


def _text(event: Event) -> str:
    facts = event.payload
    if event.name == "contracts.item.step_reported":
        code, status = facts.get("step", ""), facts.get("step_status", "")
        step = StepCode(code).label if code in StepCode.values else code
        word = StepStatus(status).label if status in StepStatus.values else status
        return f"{step}: {word}"
    if event.name.endswith("_in_erp"):
        return describe_alterations(facts)
    if event.name == "contracts.contract.amended":
        return "; ".join(
            f"{one['field']}: {one['before'] or '–'} → {one['after'] or '–'}"
            for one in facts.get("changes", [])
        )
    if event.name == "contracts.contract.signed":
        return _("by %(name)s") % {"name": facts.get("signer_name", "")}
    if event.name.startswith("contracts.process."):
        kind = facts.get("kind", "")
        title = str(ProcessKind(kind).label) if kind in ProcessKind.values else kind
        said = str(facts.get("text") or facts.get("reason") or "")
        return f"{title}: {said}" if said else title
    return str(facts.get("text") or facts.get("reason") or facts.get("sent_to") or "")
