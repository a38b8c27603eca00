"""A script from its release to its last answer, without touching the mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from interactions.models import ScriptRun
from interactions.services.contacts import open_contact
from tests.factories.accounts import AccountFactory
from tests.factories.scripts import five_steps

pytestmark = pytest.mark.browser


@pytest.mark.covers("A-07")
def test_an_agent_is_guided_by_what_an_administrator_released(
    live, page_of, agent, tenant_admin
) -> None:
    script, _nodes = five_steps(tenant_admin)
    account = AccountFactory(first_name="Marjorie", last_name="Thistlewood")
    contact = open_contact(agent=agent)
    contact.confirm(account=account)

    office = page_of(tenant_admin, f"/scripts/{script.uuid}/")
    office.get_by_role("button", name="Release").click()
    expect(office.get_by_text("Released. Agents can use it now.")).to_be_visible()

    desk = page_of(agent, f"/contacts/{contact.uuid}/")
    expect(desk.get_by_role("link", name="Start a script")).to_be_visible()
    desk.keyboard.press("Alt+g")
    expect(desk.get_by_role("heading", name="Scripts in use")).to_be_visible()
    desk.keyboard.press("1")
    expect(desk.get_by_text("Is Marjorie Thistlewood moving?")).to_be_visible()
    desk.keyboard.press("2")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Why?")).to_be_visible()
    desk.keyboard.type("A new job")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("Goodbye?")).to_be_visible()
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("The script is finished")).to_be_visible()
    expect(desk.get_by_text("A new job")).to_be_visible()
    expect(desk.get_by_role("row", name="Moves")).to_contain_text("No")
    assert ScriptRun.objects.get().answers.filter(on_path=True).count() == 3
