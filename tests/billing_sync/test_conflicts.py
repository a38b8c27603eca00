"""A field that was changed here and in the ERP: both values are shown, and one click decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from access.models import User
from accounts.models import Account
from accounts.services.changing import change_account
from billing_sync.choices import ConflictStatus
from billing_sync.gateway.changes import objects_by_keys
from billing_sync.gateway.client import ErpGateway
from billing_sync.models import FieldPolicy, LocalEdit, SyncConflict
from billing_sync.services.conflicts.settling import CannotSettle, settle_conflict
from billing_sync.services.following import polling
from contracts.choices import ItemStatus, ProcessKind, ProcessStatus
from contracts.models import ContractItem, ContractProcess, ProcessItem
from contracts.services.processes.drafting import start_process
from contracts.services.processes.releasing import release
from events.models import Delivery, Event
from tests.billing_sync.book import facts_of, office, running_item
from tests.support.erp import SandboxErp

Work = Callable[..., Any]
AWAY = {"kind": "http_503_html", "operation": "BusinessPartnerERPChangeRequest"}


def edited(item: ContractItem, *, by: User | None = None, **changes: Any) -> Account:
    """Change an account here."""
    account = item.contract.account
    change_account(account_uuid=account.uuid, facts=facts_of(account, **changes), actor=by)
    return Account.objects.get(pk=account.pk)


def in_the_erp(erp: SandboxErp, account: Account) -> dict[str, Any]:
    [found] = objects_by_keys(ErpGateway.of_tenant(), "BUSINESS_PARTNER", [account.erp_number])
    return found


@pytest.fixture
def disputed(book: SandboxErp, work: Work, agent: User) -> SyncConflict:
    """A street that was changed here while the message waits, and in the ERP."""
    book.control("faults", [AWAY])
    account = edited(running_item(), by=agent, street="Elm Row", town="York")
    work(lambda: LocalEdit.objects.count() == 2)
    office(book, "partner", partner=account.erp_number, street="Oak Lane", house="9")
    polling.follow()
    return SyncConflict.objects.select_related("account").get()


@pytest.mark.covers("N-05")
def test_a_field_changed_on_both_sides_is_a_conflict_and_keeps_our_value_here(
    disputed: SyncConflict, agent: User
) -> None:
    assert (disputed.field, disputed.ours, disputed.theirs) == ("street", "Elm Row", "Oak Lane")
    assert (disputed.our_by, disputed.their_by) == (str(agent), "M. Weber")
    assert disputed.owner == "CRM"
    account = disputed.account
    # ours stays, what only they changed comes in, what only we changed is not lost
    assert (account.street, account.house_number, account.town) == ("Elm Row", "9", "York")
    assert Event.objects.filter(name="billing_sync.conflict.opened").count() == 1


@pytest.mark.covers("N-05", "A-01")
def test_what_was_changed_here_a_moment_ago_is_not_overwritten_by_what_the_erp_had_before(
    book: SandboxErp, agent: User
) -> None:
    account = edited(running_item(), by=agent, street="Elm Row")
    office(book, "partner", partner=account.erp_number, house="9")

    polling.follow()

    assert not LocalEdit.objects.exists()
    account.refresh_from_db()
    assert (account.street, account.house_number) == ("Elm Row", "9")
    assert not SyncConflict.objects.exists()


@pytest.mark.covers("N-05", "A-01")
def test_the_echo_of_our_older_message_does_not_take_a_newer_change_back(
    book: SandboxErp, work: Work, agent: User
) -> None:
    account = edited(running_item(), by=agent, street="Elm Row")
    work(lambda: in_the_erp(book, account)["Address"]["StreetName"] == "Elm Row")
    edited(running_item(), by=agent, street="Oak Row")

    polling.follow()

    account.refresh_from_db()
    assert account.street == "Oak Row"
    work(lambda: in_the_erp(book, account)["Address"]["StreetName"] == "Oak Row")


@pytest.mark.covers("N-05")
def test_nothing_goes_up_before_somebody_has_decided(
    book: SandboxErp, disputed: SyncConflict, work: Work
) -> None:
    book.control("faults/clear", {})

    work(lambda: Delivery.objects.filter(state="PARKED", refusal_code="CONFLICT").exists())

    found = in_the_erp(book, disputed.account)
    assert found["Address"]["StreetName"] == "Oak Lane"


@pytest.mark.covers("N-05")
def test_taking_ours_sends_it_up(
    book: SandboxErp, disputed: SyncConflict, work: Work, supervisor: User
) -> None:
    book.control("faults/clear", {})
    work(lambda: Delivery.objects.filter(state="PARKED").exists())

    settle_conflict(conflict=disputed, take=ConflictStatus.OURS, actor=supervisor)
    work(lambda: in_the_erp(book, disputed.account)["Address"]["StreetName"] == "Elm Row")
    work(lambda: not LocalEdit.objects.filter(confirmed_at=None).exists())
    polling.follow()

    account = Account.objects.get(pk=disputed.account_id)
    assert (account.street, account.house_number, account.town) == ("Elm Row", "9", "York")
    assert in_the_erp(book, account)["Address"]["CityName"] == "York"
    assert SyncConflict.objects.get().status == ConflictStatus.OURS
    with pytest.raises(CannotSettle):
        settle_conflict(conflict=disputed, take=ConflictStatus.THEIRS, actor=supervisor)


@pytest.mark.covers("N-05")
def test_taking_theirs_writes_it_here_and_lets_the_rest_of_the_message_go(
    book: SandboxErp, disputed: SyncConflict, work: Work, supervisor: User
) -> None:
    book.control("faults/clear", {})
    work(lambda: Delivery.objects.filter(state="PARKED").exists())

    settle_conflict(conflict=disputed, take=ConflictStatus.THEIRS, actor=supervisor)
    work(lambda: in_the_erp(book, disputed.account)["Address"]["CityName"] == "York")
    polling.follow()

    account = Account.objects.get(pk=disputed.account_id)
    assert account.street == "Oak Lane"
    assert in_the_erp(book, account)["Address"]["StreetName"] == "Oak Lane"
    settled = Event.objects.get(name="billing_sync.conflict.settled")
    assert settled.payload["changes"][0]["after"] == "Oak Lane"


@pytest.mark.covers("N-05")
def test_a_clerk_who_was_faster_is_not_overwritten_by_a_message_that_did_not_know(
    book: SandboxErp, work: Work
) -> None:
    account = running_item().contract.account
    office(book, "partner", partner=account.erp_number, last_name="Byron")

    edited(running_item(), town="York")
    work(lambda: Delivery.objects.filter(refusal_code="OBJECT_CHANGED").exists())
    polling.follow()
    work(lambda: in_the_erp(book, account)["Address"]["CityName"] == "York")

    assert in_the_erp(book, account)["LastName"] == "Byron"
    account.refresh_from_db()
    assert (account.last_name, account.town) == ("Byron", "York")
    assert not SyncConflict.objects.exists()


@pytest.mark.covers("N-05")
def test_the_owner_of_a_field_is_the_tenants_decision(book: SandboxErp, work: Work) -> None:
    FieldPolicy.objects.filter(object_type="BUSINESS_PARTNER", field="street").update(owner="ERP")
    book.control("faults", [AWAY])
    account = edited(running_item(), street="Elm Row")
    work(LocalEdit.objects.exists)
    office(book, "partner", partner=account.erp_number, street="Oak Lane")

    polling.follow()

    assert SyncConflict.objects.get().suggests_theirs


@pytest.mark.covers("N-05")
def test_one_click_on_the_side_by_side_screen_settles_it(
    disputed: SyncConflict, client_for: Any, clerk: User
) -> None:
    client = client_for(clerk)

    page = client.get("/sync/conflicts/").content.decode()
    assert "Elm Row" in page
    assert "Oak Lane" in page
    hint = client.get(f"/accounts/{disputed.account.uuid}/standing/").content.decode()
    assert "differs from the ERP" in hint

    answer = client.post(f"/sync/conflicts/{disputed.uuid}/theirs/")
    assert answer.status_code == 302
    assert Account.objects.get(pk=disputed.account_id).street == "Oak Lane"
    assert "Oak Lane" in client.get(f"/sync/conflicts/{disputed.uuid}/").content.decode()


def test_a_conflict_is_seen_and_settled_only_by_who_may(
    disputed: SyncConflict, client_for: Any, agent: User, corporate_manager: User
) -> None:
    assert client_for(agent).get("/sync/conflicts/").status_code == 403
    assert client_for(corporate_manager).get(f"/sync/conflicts/{disputed.uuid}/").status_code == 404


@pytest.fixture
def disputed_end(book: SandboxErp, terminated: ContractProcess) -> SyncConflict:
    """An end of a contract that waits to go up, and another end in the ERP."""
    item = ProcessItem.objects.get(process=terminated).item
    office(book, "end_date", contract=item.erp_number, end_date="2027-02-28")
    polling.follow()
    return SyncConflict.objects.get()


@pytest.fixture
def terminated(book: SandboxErp, work: Work, supervisor: User) -> ContractProcess:
    """A termination that was released here while the ERP takes no changes of contracts."""
    operation = "UtilitiesContractERPChangeRequest"
    book.control("faults", [{"kind": "http_503_html", "operation": operation}])
    item = running_item()
    process = start_process(
        kind=ProcessKind.TERMINATION_CUSTOMER,
        account=item.contract.account,
        contract=item.contract,
        actor=supervisor,
    )
    facts = {"ends_on": "2027-05-31", "reason": "MUTUAL"}
    return release(process=process, facts=facts, version=None, actor=supervisor)


@pytest.mark.covers("N-05")
def test_an_item_with_two_ends_says_so_until_somebody_decides(
    disputed_end: SyncConflict, client_for: Any, clerk: User
) -> None:
    item = ContractItem.objects.get(uuid=disputed_end.subject_uuid)

    assert (disputed_end.ours, disputed_end.theirs) == ("2027-05-31", "2027-02-28")
    assert disputed_end.owner == "ERP"
    assert item.status == ItemStatus.CONFLICT
    assert item.ends_on == dt.date(2027, 5, 31)
    page = client_for(clerk).get(f"/contracts/{item.contract.uuid}/").content.decode()
    assert "The ERP has another value" in page


@pytest.mark.covers("N-05")
def test_our_end_goes_up_when_it_is_taken(
    book: SandboxErp, disputed_end: SyncConflict, work: Work, supervisor: User
) -> None:
    book.control("faults/clear", {})
    work(lambda: Delivery.objects.filter(state="PARKED").exists())

    settle_conflict(conflict=disputed_end, take=ConflictStatus.OURS, actor=supervisor)
    work(lambda: ContractProcess.objects.get().status == ProcessStatus.CONFIRMED)
    polling.follow()

    item = ContractItem.objects.get(uuid=disputed_end.subject_uuid)
    assert item.status == ItemStatus.COMPLETED
    assert item.ends_on == dt.date(2027, 5, 31)
    [found] = objects_by_keys(ErpGateway.of_tenant(), "CONTRACT", [item.erp_number])
    assert found["EndDate"] == "2027-05-31"


@pytest.mark.covers("N-05")
def test_their_end_is_taken_over_and_the_process_given_up(
    book: SandboxErp, disputed_end: SyncConflict, work: Work, supervisor: User
) -> None:
    settle_conflict(conflict=disputed_end, take=ConflictStatus.THEIRS, actor=supervisor)
    book.control("faults/clear", {})
    polling.follow()

    item = ContractItem.objects.get(uuid=disputed_end.subject_uuid)
    assert item.status == ItemStatus.COMPLETED
    assert item.ends_on == dt.date(2027, 2, 28)
    assert ContractProcess.objects.get().status == ProcessStatus.CANCELLED
    work(lambda: not Delivery.objects.filter(kind="contract-change", state="PENDING").exists())
    [found] = objects_by_keys(ErpGateway.of_tenant(), "CONTRACT", [item.erp_number])
    assert found["EndDate"] == "2027-02-28"
