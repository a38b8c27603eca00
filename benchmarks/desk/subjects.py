"""What stands in the gaps of the addresses: customers who are looked at, and what they have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone

from access.models import User
from accounts.models import Account, BusinessAgreement
from benchmarks.desk.addresses import Address
from benchmarks.desk.past import DAYS
from benchmarks.desk.people import Visitor
from contracts.models import Contract, ContractProcess
from conversations.models import Conversation
from devices.models import DeviceInfoRecord, ReadingReport
from interactions.choices import InteractionStatus, RunStatus, ScriptStatus
from interactions.choices.alerts import AlertStatus
from interactions.models import (
    Alert,
    AlertRule,
    Call,
    ContactResult,
    Interaction,
    Reason,
    Script,
    ScriptNode,
    ScriptRun,
    WorkItem,
)
from premises.models import PointOfDelivery, Premise
from quotations.models import Quotation
from service.models import Case, CaseClass, LetterText, Promise, TextModule

_MOST = 60
_KINDS = ("move-out", "transfer", "product-change", "price-change", "agreement-change")


@dataclass(frozen=True)
class Pool:
    """Values that take turns; with `owners`, each is asked for by the person whose it is."""

    values: Sequence[Any]
    owners: Sequence[int] = ()


class Subjects:
    """The pools, and how an address is filled from them."""

    def __init__(self, looked_at: list[int], agents: list[Visitor]) -> None:
        self._agents = agents
        self._by_key = {agent.user.pk: agent for agent in agents}
        self._accounts = list(Account.objects.filter(pk__in=looked_at).order_by("pk"))
        self._pools = {**_of_customers(looked_at), **_of_desk(list(self._by_key)), **_of_rules()}
        self._pools |= _of_drafts(looked_at)

    def is_known(self, address: Address) -> bool:
        """Whether there is something for every gap."""
        return all(self._pools[pool].values for pool in address.gaps.values())

    def path(self, address: Address, turn: int) -> tuple[str, Visitor]:
        """Return the path of one turn, and the agent who asks for it."""
        owner, values = None, {}
        for gap, name in address.gaps.items():
            pool = self._pools[name]
            place = turn % len(pool.values)
            values[gap] = pool.values[place]
            owner = pool.owners[place] if pool.owners else owner
        path = reverse(address.name, kwargs=values)
        if address.query:
            path += "?" + address.query.format_map(self._words(turn))
        visitor = self._by_key[owner] if owner else self._agents[turn % len(self._agents)]
        return path, visitor

    def _words(self, turn: int) -> dict[str, str]:
        account = self._accounts[turn % len(self._accounts)]
        quarter = timezone.localdate() - dt.timedelta(days=DAYS)
        words = {
            "name": account.name, "number": account.number, "street": account.street,
            "postcode": account.postcode, "quarter": str(quarter), "account": str(account.uuid),
            "pod": self._of("pod", turn), "contract": self._of("contract", turn),
        }  # fmt: skip
        return {word: quote(value) for word, value in words.items()}

    def _of(self, name: str, turn: int) -> str:
        values = self._pools[name].values
        return str(values[turn % len(values)])


def _uuids(rows: Any, path: str = "uuid") -> Pool:
    return Pool(list(rows.order_by("pk").values_list(path, flat=True)[:_MOST]))


def _owned(rows: Any, owner: str) -> Pool:
    found = list(rows.order_by("pk").values_list("uuid", owner)[:_MOST])
    return Pool([uuid for uuid, _owner in found], [key for _uuid, key in found])


def _of_customers(looked_at: list[int]) -> dict[str, Pool]:
    theirs = {"account__in": looked_at}
    contracts = Contract.objects.filter(pk__in=looked_at)
    processes = ContractProcess.objects.filter(status="DRAFT", **theirs)
    return {
        "account": _uuids(Account.objects.filter(pk__in=looked_at)),
        "agreement": _uuids(BusinessAgreement.objects.filter(**theirs)),
        "premise": _uuids(Premise.objects.filter(pk__in=looked_at)),
        "pod": _uuids(PointOfDelivery.objects.filter(pk__in=looked_at)),
        "meter": _uuids(DeviceInfoRecord.objects.filter(pk__in=looked_at)),
        "reading": _uuids(ReadingReport.objects.filter(pk__in=looked_at)),
        "contract": _uuids(contracts),
        "item_of_contract": _uuids(contracts, "items__uuid"),
        "process": _uuids(processes),
        "step": Pool(["when"]),
        "kind": Pool(_KINDS),
        "case": _uuids(Case.objects.exclude(status="CLOSED").filter(**theirs)),
        "promise": _uuids(Promise.objects.filter(status="OPEN", **theirs)),
    }


def _of_drafts(looked_at: list[int]) -> dict[str, Pool]:
    drafts = Quotation.objects.filter(status="DRAFT", account__in=looked_at)
    return {
        "draft": _uuids(drafts),
        "item_of_draft": _uuids(drafts, "items__uuid"),
        "pod_of_draft": _uuids(drafts, "items__pod__uuid"),
        "quotation": _uuids(Quotation.objects.filter(status="SENT")),
    }


def _of_desk(agents: list[int]) -> dict[str, Pool]:
    live = Interaction.objects.filter(agent__in=agents)
    conversations = Conversation.objects.filter(agent__in=agents, status="ASSIGNED")
    runs = ScriptRun.objects.filter(status=RunStatus.RUNNING)
    alerts = Alert.objects.filter(status=AlertStatus.SHOWN)
    return {
        "contact": _owned(live.filter(status=InteractionStatus.OPEN), "agent_id"),
        "wrapped": _owned(live.filter(status=InteractionStatus.WRAP_UP), "agent_id"),
        "run": _owned(runs, "started_by_id"),
        "alert": _owned(alerts, "shown_to_id"),
        "conversation": _owned(conversations, "agent_id"),
        "call": _uuids(Call.objects.all()),
        "task": _uuids(WorkItem.objects.filter(status="WAITING")),
        "person": Pool(list(User.objects.order_by("pk").values_list("pk", flat=True)[:_MOST])),
        "account_word": Pool(["account"]),
        "one": Pool([1]),
    }


def _of_rules() -> dict[str, Pool]:
    scripts = Script.objects.filter(status=ScriptStatus.DRAFT)
    return {
        "rule": _uuids(AlertRule.objects.all()),
        "alert_code": Pool(list(AlertRule.objects.values_list("code", flat=True))),
        "reason": Pool(list(Reason.objects.values_list("code", flat=True))),
        "result": Pool(list(ContactResult.objects.values_list("code", flat=True))),
        "script": _uuids(Script.objects.all()),
        "script_in_use": _uuids(Script.objects.filter(status=ScriptStatus.RELEASED)),
        "step_of_script": _uuids(ScriptNode.objects.filter(script__in=scripts)),
        "case_class": _uuids(CaseClass.objects.all()),
        "letter_text": _uuids(LetterText.objects.all()),
        "text_module": _uuids(TextModule.objects.all()),
    }
