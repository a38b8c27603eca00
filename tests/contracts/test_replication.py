"""The ERP's word on contract items: in any order, any number of times."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from contracts.choices import ContractStatus, ItemRole, ItemStatus, StepStatus
from contracts.models import Contract
from contracts.queries import journey
from contracts.services import replication
from contracts.services.letters import NotConfirmedYet, send_welcome_letter
from correspondence.choices import DocumentKind
from correspondence.models import Document
from events.models import Event
from tests.factories.contracts import ContractItemFactory, QueuedItemFactory
from utilcrm.states import IllegalTransition

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(account):
    """A queued item of a customer with an e-mail address."""
    return QueuedItemFactory(
        contract__account=account, contract__business_agreement=account.agreements.get()
    )


def letters() -> int:
    return Document.objects.filter(kind=DocumentKind.WELCOME_LETTER).count()


def test_the_usual_way_ends_completed(item):
    replication.mark_sent(item_uuid=item.uuid)
    replication.mark_accepted(item_uuid=item.uuid, erp_number="0000000042")
    replication.mark_completed(item_uuid=item.uuid, erp_number="0000000042")

    item.refresh_from_db()
    item.contract.refresh_from_db()
    assert (item.status, item.erp_number) == (ItemStatus.COMPLETED, "0000000042")
    assert item.contract.status == ContractStatus.ACTIVE
    assert item.contract.completed_at


def test_words_repeated_or_overtaken_change_nothing(item):
    replication.mark_completed(item_uuid=item.uuid, erp_number="42")
    for late in (
        lambda: replication.mark_sent(item_uuid=item.uuid),
        lambda: replication.mark_accepted(item_uuid=item.uuid, erp_number="42"),
        lambda: replication.mark_completed(item_uuid=item.uuid, erp_number="42"),
    ):
        late()

    item.refresh_from_db()
    assert item.status == ItemStatus.COMPLETED
    assert Event.objects.filter(name="contracts.contract.completed").count() == 1


def test_what_nobody_has_signed_does_not_go_to_the_erp_by_accident():
    item = ContractItemFactory()

    with pytest.raises(IllegalTransition):
        replication.mark_sent(item_uuid=item.uuid)


def test_an_older_word_on_a_step_never_overwrites_a_newer_one(item):
    now = timezone.now()
    say = {"item_uuid": item.uuid, "code": "MOVE_IN", "position": 6, "at": now}

    assert replication.record_step(**say, status=StepStatus.DONE, sequence=9)
    assert not replication.record_step(**say, status=StepStatus.RUNNING, sequence=8)
    assert not replication.record_step(**say, status=StepStatus.FAILED, sequence=9)

    assert item.steps.get().status == StepStatus.DONE


@pytest.mark.covers("A-10", "A-15")
def test_the_welcome_letter_goes_out_when_the_erp_has_confirmed_and_not_before(
    item, mail_sink, work
):
    replication.mark_sent(item_uuid=item.uuid)
    replication.mark_accepted(item_uuid=item.uuid, erp_number="42")
    work()
    assert letters() == 0
    with pytest.raises(NotConfirmedYet):
        send_welcome_letter(contract=item.contract)

    replication.mark_completed(item_uuid=item.uuid)
    work()

    letter = Document.objects.get(kind=DocumentKind.WELCOME_LETTER)
    assert letter.is_ready
    assert letter.sealed
    assert list(mail_sink.attachments_of()) == [letter.file_name]
    stages = {stage.key: stage.state for stage in journey(Contract.objects.get())}
    assert stages["welcome"] == "done"


@pytest.mark.covers("A-15")
def test_a_letter_sent_again_is_a_new_version_and_both_are_kept(item, agent):
    replication.mark_completed(item_uuid=item.uuid, erp_number="42")

    send_welcome_letter(contract=item.contract)
    send_welcome_letter(contract=item.contract, actor=agent)

    numbers = Document.objects.filter(kind=DocumentKind.WELCOME_LETTER).values_list("number")
    assert sorted(numbers) == [(1,), (2,)]


def test_with_two_items_there_is_no_welcome_until_both_are_done(item, work):
    grid = QueuedItemFactory(
        contract=item.contract, pod=item.pod, role=ItemRole.GRID_USAGE, position=2
    )

    replication.mark_completed(item_uuid=item.uuid, erp_number="42")
    work()
    item.contract.refresh_from_db()
    states = {stage.key: stage.state for stage in journey(item.contract)}
    assert (states["erp-supply"], states["erp-grid_usage"]) == ("done", "waiting")
    assert letters() == 0

    replication.mark_completed(item_uuid=grid.uuid, erp_number="43")
    work()
    assert letters() == 1


@pytest.mark.covers("A-10")
def test_the_strip_shows_the_state_of_each_step_of_the_set_up(item):
    replication.mark_accepted(item_uuid=item.uuid, erp_number="42")
    at = timezone.now() - dt.timedelta(minutes=1)
    for position, code in enumerate(["PRICES", "INSTALLATION", "LOAD_PROFILE"], start=1):
        replication.record_step(
            item_uuid=item.uuid,
            code=code,
            position=position,
            status="DONE",
            at=at,
            sequence=position,
        )
    replication.record_step(
        item_uuid=item.uuid,
        code="OPERANDS",
        position=4,
        status="FAILED",
        at=at,
        detail="Rate category missing",
        sequence=4,
    )

    item.contract.refresh_from_db()
    stage = next(one for one in journey(item.contract) if one.key == "erp-supply")
    said = {str(name): str(value) for name, value in stage.details}
    assert said["ERP contract"] == "42"
    assert said["Prices"].startswith("Done")
    assert said["Prices to the billing"] == "Failed: Rate category missing"
    assert said["Meter data"] == said["Move-in"] == said["Contract"] == "Not started"


def test_a_refusal_names_reason_and_owner_and_the_way_to_mend_it(item):
    replication.mark_rejected(item_uuid=item.uuid, code="E1", field="PoD", text="PoD is not known.")

    item.contract.refresh_from_db()
    stage = next(one for one in journey(item.contract) if one.key == "erp-supply")
    assert (stage.state, stage.reason) == ("failed", "PoD is not known.")
    assert stage.action_url
    assert item.contract.status == ContractStatus.NEEDS_ATTENTION


def away(contract: Contract) -> list[dict[str, object]]:
    """What is told when the ERP is away."""
    at = timezone.localtime().replace(hour=10, minute=2)
    return [
        {"label": "Business partner", "state": "done"},
        {
            "label": "Business agreement",
            "state": "waiting",
            "reason": "Waiting for the ERP.",
            "since": at,
            "next_at": at.replace(minute=7),
        },
    ]


def broken(contract: Contract) -> list[dict[str, object]]:
    """A provider that fails."""
    raise ConnectionError


@pytest.mark.covers("N-01")
def test_an_erp_that_is_away_is_said_with_since_when_and_what_happens_next(item, settings):
    settings.JOURNEY_PROVIDERS = [f"{__name__}.broken", f"{__name__}.away"]

    stage = next(one for one in journey(item.contract) if one.key == "erp-master-data")

    assert stage.state == "waiting"
    assert stage.reason == "Waiting for the ERP. Away since 10:02. Next attempt at 10:07."
    assert [value for _name, value in stage.details] == ["done", "waiting"]
