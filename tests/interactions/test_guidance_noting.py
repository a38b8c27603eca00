"""Scripts that note marketing attributes, and that a process starts."""

from __future__ import annotations

import uuid

import pytest

from accounts.models import Attribute, AttributeValue
from accounts.queries.attributes import attributes_of
from accounts.services.attributing import AttributeRefused, note_attribute
from events.services.handling import Envelope
from events.services.recording import record
from interactions.choices import AnswerKind, NodeKind, WayOn
from interactions.queries.guidance.checks import Flaw, problems_of
from interactions.queries.guidance.shape import shape_of
from interactions.services.contacts import clear_contact, open_contact
from interactions.services.following import ContactDeskHandler
from interactions.services.guidance.editing import AnswerInput, NodeInput, WayInput, change_node
from interactions.services.guidance.releasing import (
    BadBinding,
    bind_script,
    make_next_version,
    release_script,
)
from interactions.services.guidance.running import start_script
from tests.factories.scripts import add, make_script, to
from tests.interactions.guiding import answer, back
from utilcrm import context

pytestmark = pytest.mark.django_db


@pytest.fixture
def heats() -> Attribute:
    return Attribute.objects.create(code="HEATS", label="Heats with", options=["Gas", "Oil"])


@pytest.fixture
def car() -> Attribute:
    return Attribute.objects.create(code="CAR", label="Car", kind="TEXT")


@pytest.fixture
def noting(tenant_admin, heats, car):
    """A question that notes what is chosen, one that notes what is typed, an end."""
    script = make_script(tenant_admin, code="NOTING")
    first = add(script, "Heating", actor=tenant_admin)
    second = add(script, "Car", actor=tenant_admin, answer_kind=AnswerKind.TEXT, required=False)
    end = add(script, "End", actor=tenant_admin, kind=NodeKind.END)
    change_node(
        node=first,
        actor=tenant_admin,
        version=None,
        facts=NodeInput(
            kind=first.kind,
            heading=first.heading,
            text=first.text,
            answers=[
                AnswerInput("Gas", to(second, writes="HEATS", writes_value="Gas")),
                AnswerInput("Oil", to(second, writes="HEATS", writes_value="Oil")),
                AnswerInput("No idea", to(second)),
            ],
        ),
    )
    change_node(
        node=second,
        actor=tenant_admin,
        version=None,
        facts=NodeInput(
            kind=second.kind,
            heading=second.heading,
            text=second.text,
            answer_kind=AnswerKind.TEXT,
            required=False,
            on=WayInput(WayOn.NODE, node=end, writes="CAR"),
        ),
    )
    return script


def noted(account) -> dict[str, str]:
    return {one.code: one.value for one in attributes_of(account)}


@pytest.mark.covers("A-07")
def test_answers_note_attributes_and_a_corrected_answer_notes_the_right_one(
    client_for, agent, tenant_admin, noting, contact
):
    release_script(script=noting, actor=tenant_admin, version=None)
    noting.refresh_from_db()
    note_attribute(account=contact.account, code="HEATS", value="Oil", actor=agent)
    run = start_script(script=noting, interaction=contact, user=agent)
    answer(run, agent, "GAS")
    assert noted(contact.account) == {"HEATS": "Gas"}
    back(run, agent)
    answer(run, agent, "NO-IDEA")
    assert noted(contact.account) == {"HEATS": "Oil"}, "what was known before counts again"
    back(run, agent)
    answer(run, agent, "GAS")
    answer(run, agent, text="A blue one")
    assert noted(contact.account) == {"HEATS": "Gas", "CAR": "A blue one"}
    page = client_for(agent).get(f"/accounts/{contact.account.uuid}/").content.decode()
    assert "A blue one" in page
    account = contact.account
    clear_contact(interaction=contact, agent=agent)
    assert noted(account) == {"HEATS": "Oil"}


def test_without_a_customer_nothing_is_noted_and_it_is_said(
    client_for, agent, tenant_admin, noting
):
    release_script(script=noting, actor=tenant_admin, version=None)
    noting.refresh_from_db()
    run = start_script(script=noting, interaction=open_contact(agent=agent), user=agent)
    page = client_for(agent).post(
        f"/runs/{run.uuid}/",
        {"node": str(run.current.uuid), "version": run.version, "answer": "GAS"},
        follow=True,
    )
    assert "Not noted: nobody has been identified yet." in page.content.decode()
    assert not AttributeValue.objects.exists()


@pytest.mark.covers("A-07")
def test_a_script_that_notes_what_there_is_not_is_not_released(noting, heats):
    Attribute.objects.filter(pk=heats.pk).update(options=["Wood"])
    Attribute.objects.filter(code="CAR").update(is_active=False)
    flaws = [one.code for one in problems_of(shape_of(noting))]
    assert flaws == [Flaw.NOTES_NOTHING] * 3


def test_the_next_version_notes_the_same(noting, tenant_admin):
    release_script(script=noting, actor=tenant_admin, version=None)
    following = make_next_version(script=noting, actor=tenant_admin)
    node = following.nodes.get(heading="Heating")
    values = [one.writes_value for one in node.branches.order_by("position")]
    assert values == ["Gas", "Oil", ""]
    assert following.nodes.get(heading="Car").writes == "CAR"


def test_the_builder_offers_attributes_and_keeps_what_was_chosen(client_for, tenant_admin, noting):
    node = noting.nodes.get(heading="Heating")
    page = client_for(tenant_admin).get(f"/scripts/steps/{node.uuid}/")
    assert 'value="HEATS=Gas" selected' in page.content.decode()
    form = page.context["form"]
    assert form["answer_3_notes"].value() == ""


@pytest.mark.parametrize("value", ["", "  ", "Wood"])
def test_a_value_that_is_none_is_refused(value, heats, customer, agent):
    with pytest.raises(AttributeRefused):
        note_attribute(account=customer, code="HEATS", value=value, actor=agent)


@pytest.mark.covers("A-07")
def test_a_process_that_is_begun_in_a_contact_starts_its_script(
    client_for, agent, tenant_admin, script, contact
):
    browser = client_for(tenant_admin)
    address = f"/scripts/{script.uuid}/bind/"
    assert browser.post(address, {"kind": "PROCESS", "value": "Sales"}).status_code == 422
    assert browser.post(address, {"kind": "QUEUE", "process": "MOVE_OUT"}).status_code == 422
    with pytest.raises(BadBinding):
        bind_script(script=script, actor=tenant_admin, kind="PROCESS", value="NONSENSE")
    assert browser.post(address, {"kind": "PROCESS", "process": "MOVE_OUT"}).status_code == 302
    assert "Move-out" in browser.get(f"/scripts/{script.uuid}/").content.decode()

    def begun(kind: str, interaction_uuid: uuid.UUID | None) -> None:
        with context.acting(interaction_uuid=interaction_uuid):
            event = record(
                "contracts.process.started", subject=contact.account, payload={"kind": kind}
            )
        ContactDeskHandler().deliver(
            Envelope(event.uuid, "contact-desk", "x", "process-started", {}, event_id=event.pk)
        )

    begun("PRODUCT_CHANGE", contact.uuid)
    assert not contact.script_runs.exists()
    begun("MOVE_OUT", None)
    assert not contact.script_runs.exists(), "outside any contact"
    begun("MOVE_OUT", contact.uuid)
    begun("MOVE_OUT", contact.uuid)
    run = contact.script_runs.get()
    assert (run.script, run.by_itself) == (script, True)
