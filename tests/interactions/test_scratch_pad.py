"""The scratch pad: two windows, a crash, an ended contact, parallel contacts."""

from __future__ import annotations

import pytest

from interactions.models import Reason
from interactions.services.contacts import end_contact, open_contact, wrap_up
from utilcrm.merging import merge_texts


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "both"),
    [
        ("", "", "new", "new"),
        ("a", "a", "a\nb", "a\nb"),
        ("a", "a\nb", "a", "a\nb"),
        # two windows, each adds a line of its own
        ("a", "a\ntheirs", "a\nmine", "a\ntheirs\nmine"),
        ("", "theirs", "mine", "theirs\nmine"),
        # one at the top, one at the end
        ("a\nb\nc", "top\na\nb\nc", "a\nb\nc\nend", "top\na\nb\nc\nend"),
        # one corrects a line, one adds another
        ("meter 12\nb", "meter 13\nb", "meter 12\nb\nc", "meter 13\nb\nc"),
        # one takes a line out, one adds another
        ("a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd"),
        # both the same
        ("a", "a\nb", "a\nb", "a\nb"),
        # typing on in one line: the longer holds the shorter
        ("", "call", "call back", "call back"),
        # both change one line: neither is lost
        ("x 1", "x 2", "x 3", "x 2\nx 3"),
        # one takes out what the other changes: the change stays, even if it is said above as well
        ("a\nb\nc", "a\nc", "a\na\nc", "a\na\nc"),
        # what came over the wire has other ends of lines
        ("a\r\nb", "a\r\nb", "a\r\nb\r\nc", "a\nb\nc"),
    ],
    ids=repr,
)
@pytest.mark.covers("B-14")
def test_what_two_windows_typed_is_put_together(base, theirs, mine, both):
    assert merge_texts(base=base, theirs=theirs, mine=mine) == both


@pytest.mark.django_db
@pytest.mark.covers("B-14")
def test_a_second_window_types_over_nothing_and_a_reload_shows_all(client_for, agent, contact):
    browser = client_for(agent)
    address = f"/contacts/{contact.uuid}/scratch-pad/"
    assert browser.post(address, {"text": "meter 12", "base": ""}).json()["text"] == "meter 12"
    other = browser.post(address, {"text": "wants a call", "base": ""})
    assert other.json()["text"] == "meter 12\nwants a call"
    assert other.json()["said"].startswith("Saved ")
    # A crash before the answer came: the browser sends the same again.
    again = browser.post(address, {"text": "wants a call", "base": ""})
    assert again.json()["text"] == "meter 12\nwants a call"
    assert "meter 12\nwants a call</textarea>" in browser.get(address).content.decode()
    assert browser.get(f"{address}?format=json").json() == {"text": "meter 12\nwants a call"}


@pytest.mark.django_db
@pytest.mark.covers("B-14")
def test_parallel_contacts_have_pads_of_their_own_and_an_ended_one_takes_nothing(
    client_for, agent, supervisor, contact
):
    browser = client_for(agent)
    other = open_contact(agent=agent)
    browser.post(f"/contacts/{contact.uuid}/scratch-pad/", {"text": "one", "base": ""})
    browser.post(f"/contacts/{other.uuid}/scratch-pad/", {"text": "two", "base": ""})
    contact.refresh_from_db()
    other.refresh_from_db()
    assert (contact.scratch_pad, other.scratch_pad) == ("one", "two")
    assert client_for(supervisor).get(f"/contacts/{other.uuid}/scratch-pad/").status_code == 404

    end_contact(interaction=contact, agent=agent)
    wrap_up(
        interaction=contact,
        agent=agent,
        reason=Reason.objects.get(code="OTHER"),
        result="RESOLVED",
        notes="",
    )
    refused = browser.post(f"/contacts/{contact.uuid}/scratch-pad/", {"text": "x", "base": "one"})
    assert refused.status_code == 409
    assert refused.json()["said"].startswith("Not saved: ")
    long = browser.post(f"/contacts/{other.uuid}/scratch-pad/", {"text": "x" * 10001, "base": ""})
    assert long.status_code == 409
    other.refresh_from_db()
    assert other.scratch_pad == "two"
