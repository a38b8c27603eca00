"""
One call, one contract, in each variant; the ERP's ledger says what came of it.

The usual variant is walked through, at greater length, in `test_from_call_to_contract`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from babel.numbers import format_decimal
from playwright.sync_api import Page, expect

from access.models import User
from billing_sync.choices import MessageKind
from contracts.models import Contract, ContractItem
from events.models import Delivery
from premises.models import PointOfDelivery
from tenants.queries import current_profile
from tests.journeys import walking
from tests.journeys.variants import VARIANTS, Variant, empty_place, living_at
from tests.journeys.walking import Newcomer, said
from tests.support.browsing import TELEPHONE
from tests.support.database import USUAL
from tests.support.live import Stack
from tests.support.programs import until

pytestmark = pytest.mark.browser

KWH = 3100


@pytest.mark.covers(
    "A-01", "A-02", "A-03", "A-08", "A-09", "A-10", "A-11", "A-15", "C-01", "C-02", "N-02"
)
@pytest.mark.parametrize("variant", [name for name in VARIANTS if name != USUAL])
def test_one_call_becomes_a_contract_in_the_erp(
    variant: str,
    book: Stack,
    agent: User,
    page_of: Callable[..., Page],
    open_page: Callable[..., Page],
    fair: Callable[[Page], None],
) -> None:
    facts = VARIANTS[variant]
    # Two legs and the longer words; the looks of the others are those of the longer journeys.
    judge = fair if variant == "nordlicht" else (lambda page: None)
    place = empty_place() if facts.has_devices else None
    who = living_at(place) if place else facts.newcomer
    desk = page_of(agent)

    walking.ring(book, facts.number)
    walking.answer(desk)
    walking.create_account(desk, who, iban=facts.iban)
    choose_place(desk, facts, who, place)
    walking.draw_up(desk)
    make_offer(desk, facts)
    judge(desk)
    walking.accept(desk)
    contract = made_as_offered(facts)

    phone = open_page(walking.link_in_mail(book), screen=TELEPHONE, has_touch=True)
    for item in contract.items.all():
        expect(phone.locator("main")).to_contain_text(item.product_name)
    judge(phone)
    walking.sign(phone, who.name, by_hand=False)

    for item in contract.items.all():
        expect(desk.locator(f"[data-stage=erp-{item.role.lower()}]")).to_have_class(
            re.compile("stage-done"), timeout=60_000
        )
    assert Contract.objects.get(pk=contract.pk).status == "ACTIVE"
    expect(desk.locator("[data-stage=welcome]")).to_have_class(
        re.compile("stage-done"), timeout=40_000
    )
    judge(desk)
    check_ledger(book, contract, facts)
    check_messages(contract, facts)


def choose_place(desk: Page, facts: Variant, who: Newcomer, place: PointOfDelivery | None) -> None:
    """Make a place that nobody knew, or take the empty flat at the caller's new address."""
    if place is None:
        walking.find_no_place(desk)
        walking.create_place(desk, who, mpan=facts.identifier, mprn="")
        return
    desk.keyboard.press("Alt+q")
    desk.wait_for_url("**/quotations/new/**")
    desk.locator("li", has_text=place.external_id).get_by_role("link").click()
    desk.wait_for_url("**premise=**")


def make_offer(desk: Page, facts: Variant) -> None:
    """Say how much is used, choose a product for two years, and type the meter where one does."""
    desk.locator("input[name=annual_kwh]").fill(str(KWH))
    desk.keyboard.press("Tab")
    written = format_decimal(KWH, locale=current_profile().language)
    expect(desk.locator(".estimate")).to_contain_text(f"{written} kWh")
    # One product to choose, whatever else the point of delivery brings along.
    expect(desk.locator("form.offers")).to_have_count(1)
    term = said("24 months")
    desk.locator("form.offers .option-card", has_text=term).first.click()
    expect(desk.locator("#quotation-summary")).to_contain_text(term)
    expect(desk.locator("#quotation-summary .leg-sum")).to_have_count(
        2 if len(facts.roles) > 1 else 0
    )
    typed = desk.locator("input[name=meter_serial]")
    expect(typed).to_have_count(0 if facts.has_devices else 1)
    if not facts.has_devices:
        typed.fill(facts.serial)
        desk.locator("input[name$=reading]").first.fill("4711")
        desk.keyboard.press("Tab")
        expect(desk.locator("#fields-conditions")).to_be_visible()


def made_as_offered(facts: Variant) -> Contract:
    """Return the contract: an item a role, each with the prices of its offer to the last digit."""
    contract = Contract.objects.get(quotation__isnull=False)
    items = list(contract.items.order_by("position"))
    assert tuple(item.role for item in items) == facts.roles
    for item, offered in zip(items, contract.quotation.items.order_by("position"), strict=True):
        assert item.service_provider == offered.service_provider
        assert item.prices.count() == 2
        assert {(one.component, one.rate_type, one.agreed_amount) for one in item.prices.all()} == {
            (one.component, one.rate_type, one.discounted_amount) for one in offered.prices.all()
        }
    return contract


def check_ledger(live: Stack, contract: Contract, facts: Variant) -> None:
    """See what the ERP made, in which order, under which of our references: each thing once."""
    items = list(contract.items.select_related("pod__premise__connection_object"))
    pod = items[0].pod
    wanted: list[tuple[str, UUID]] = [
        ("BUSINESS_PARTNER", contract.account.uuid),
        ("CONTRACT_ACCOUNT", contract.business_agreement.uuid),
    ]
    if not facts.has_devices:
        wanted += [
            ("CONNECTION_OBJECT", pod.premise.connection_object.uuid),
            ("POINT_OF_DELIVERY", pod.uuid),
        ]
    wanted += [("CONTRACT", item.uuid) for item in sorted(items, key=lambda one: one.position)]
    assert [
        (entry["object_type"], entry["external_reference"])
        for entry in live.ledger()
        if entry["effect"] == "created"
    ] == [(kind, str(reference)) for kind, reference in wanted]
    assert len({item.erp_number for item in items}) == len(items)


def check_messages(contract: Contract, facts: Variant) -> None:
    """See what each contract was sent with: technical data only where it is typed here."""
    supply = contract.items.get(role="SUPPLY")
    for item in contract.items.all():
        sent = message_about(item)
        assert sent["RoleCode"] == item.role
        assert sent["ServiceProviderCode"] == item.service_provider.code
        assert ("Device" in sent) == (item == supply and not facts.has_devices)
        if item != supply:
            assert sent["SupplyContract"]["ExternalReference"] == str(supply.uuid)
            assert sent["ProductCode"].startswith("GRID-")
        # Where the place was in the ERP already, its installation is taken over.
        installed = item.steps.get(code="INSTALLATION").detail
        assert ("changed" in installed) == facts.has_devices


def message_about(item: ContractItem) -> dict[str, object]:
    """Return what the ERP was sent to make an item's contract."""
    message = until(
        lambda: Delivery.objects.filter(
            destination="erp",
            kind=MessageKind.CONTRACT_CREATE,
            payload__subject_uuid=str(item.uuid),
        ).first()
    )
    return dict(message.payload["message"])
