"""A meter is replaced from the workbench, where meters are installed devices."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from access.models import User
from contracts.models import ContractItem
from devices.models import Device, DeviceInstallation
from tests.support.live import Stack
from utilcrm import clock

pytestmark = pytest.mark.browser


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field with this name has the focus."""
    for _press in range(60):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never reaches {name}")


@pytest.mark.covers("A-05", "A-06", "C-17")
@pytest.mark.parametrize("variant", ["havn"])
def test_a_meter_is_replaced_by_keyboard_and_the_contracts_see_it(
    variant: str,
    book: Stack,
    agent: User,
    page_of: Callable[..., Page],
    fair: Callable[[Page], None],
) -> None:
    item = ContractItem.objects.filter(
        status="COMPLETED", division="ELECTRICITY", pod__device_installations__device__rate="SINGLE"
    ).earliest("pk")
    old = DeviceInstallation.objects.get(pod=item.pod, technical_to__isnull=True)
    register = old.device.registers.get()
    last = register.readings.latest("read_on", "id").value
    fits = Device.objects.in_stock().filter(division="ELECTRICITY", rate="SINGLE")
    new = fits.filter(installations=None).earliest("pk")

    desk = page_of(agent, f"/premises/{item.pod.premise.uuid}/")
    desk.keyboard.press("Alt+m")
    expect(desk).to_have_url(re.compile(f"/devices/places/{item.pod.uuid}/"))
    expect(desk.locator("[data-chart] canvas").first).to_be_visible()
    fair(desk)
    desk.keyboard.press("Alt+r")
    expect(desk).to_have_url(re.compile("/devices/orders/"))
    # a final reading below the last one is refused, and stays in its field
    tab_to(desk, "installed")
    desk.keyboard.type(new.serial_number)
    tab_to(desk, f"reading_{register.pk}")
    desk.keyboard.type(str(int(last) - 1))
    first = f"reading_{new.registers.get().pk}"
    # the registers of the new meter appear while one goes on typing
    expect(desk.locator(f"[name={first}]")).to_be_visible()
    expect(desk.locator(f"[name=reading_{register.pk}]")).to_have_value(str(int(last) - 1))
    tab_to(desk, first)
    desk.keyboard.type("4")
    expect(desk.locator("#order-saved")).to_contain_text("Kept")
    desk.keyboard.press("Enter")
    expect(desk.locator("main")).to_contain_text("is lower than the last reading")
    fair(desk)
    tab_to(desk, f"reading_{register.pk}")
    desk.keyboard.press("Control+a")
    desk.keyboard.type(str(int(last) + 40))
    desk.keyboard.press("Enter")

    expect(desk.locator("#order-state")).to_have_attribute(
        "data-state", "CONFIRMED", timeout=60_000
    )
    place = DeviceInstallation.objects.get(device=new)
    assert (place.pod, place.logical_number) == (item.pod, old.logical_number)
    assert place.technical_from == place.billing_from == clock.today()
    orders = [one for one in book.ledger() if one["kind"] == "DeviceOrderERPCreateRequest"]
    assert [one["effect"] for one in orders] == ["created"]
    for leg in ContractItem.objects.filter(pod=item.pod, status="COMPLETED"):
        desk.goto(f"/contracts/{leg.contract.uuid}/")
        expect(desk.locator(f"[id='item-{leg.uuid}']")).to_contain_text(new.serial_number)
    desk.goto(f"/devices/places/{item.pod.uuid}/")
    expect(desk.locator("main")).to_contain_text("The consumption goes on without a gap.")
    fair(desk)
