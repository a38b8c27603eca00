"""Whatever an agent types is kept on the server, whichever window they type it in."""

from __future__ import annotations

import re
import uuid

import pytest

from access.choices import Role
from conversations.models import Conversation, ReplyDraft
from tests.support.people import make_person

pytestmark = pytest.mark.django_db

TEXT = "  Dear Marjorie,\n\n\tyour bill <b>…"


@pytest.fixture
def desk(client_for, agent):
    return client_for(agent)


@pytest.fixture
def taken(desk, conversation) -> Conversation:
    desk.post(f"/conversations/{conversation.uuid}/take/")
    conversation.refresh_from_db()
    return conversation


class Window:
    """A page with the conversation open, as the script on it saves what is typed."""

    def __init__(self, browser, conversation: Conversation) -> None:
        self.browser, self.path = browser, f"/conversations/{conversation.uuid}/"
        self.reload()

    def reload(self) -> None:
        self._know(self.browser.get(self.path).content.decode())

    def type(self, text: str):
        answer = self.browser.post(f"{self.path}draft/", {"text": text, **self.known})
        self._know(answer.content.decode())
        return answer

    def _know(self, page: str) -> None:
        self.page = page
        found = re.findall(r'name="(window|draft|revision)" value="([^"]*)"', page)
        self.known = dict(found)


@pytest.mark.covers("B-01")
def test_a_draft_is_kept_as_typed_and_is_there_after_a_reload(desk, taken):
    window = Window(desk, taken)

    window.type("Dear")
    window.type(TEXT)

    assert ReplyDraft.objects.get().text == TEXT
    window.reload()
    assert "your bill &lt;b&gt;…" in window.page


@pytest.mark.covers("B-01")
def test_two_windows_never_write_over_each_other(desk, taken):
    first, second = Window(desk, taken), Window(desk, taken)
    first.type("from the first")
    second.reload()

    second.type("from the first, and the second")
    answer = first.type("from the first, and on")

    assert "Another window" in answer.content.decode()
    kept = set(ReplyDraft.objects.values_list("text", flat=True))
    assert kept == {"from the first, and the second", "from the first, and on"}
    first.type("from the first, and on and on")
    second.type("the second goes on")
    assert ReplyDraft.objects.count() == 2
    first.reload()
    assert "the second goes on" in first.page
    assert "from the first, and on and on" in first.page


def test_a_save_whose_answer_was_lost_is_the_same_draft(desk, taken):
    window = Window(desk, taken)
    before = dict(window.known)
    window.type("once")
    window.known = before

    window.type("once and more")

    assert ReplyDraft.objects.get().text == "once and more"


@pytest.mark.parametrize(("do", "shown"), [("choose", "older"), ("forget", "newer")])
def test_of_two_kept_texts_one_is_gone_on_with(desk, taken, do, shown):
    older, _newer = (
        ReplyDraft.objects.create(conversation=taken, author=taken.agent, text=text)
        for text in ("older", "newer")
    )

    desk.post(f"/conversations/{taken.uuid}/draft/{older.uuid}/", {"do": do})

    page = Window(desk, taken).page
    assert re.search(r"<textarea[^>]*>(\w+)<", page)[1] == shown
    assert ReplyDraft.objects.filter(pk=older.pk).exists() == (do == "choose")


@pytest.mark.parametrize("do", ["choose", "forget"])
def test_nobody_changes_a_colleagues_draft(taken, client_for, do):
    draft = ReplyDraft.objects.create(conversation=taken, author=taken.agent, text="mine")
    other = client_for(make_person("other_agent", Role.PHONE_SALES_AGENT))

    other.post(f"/conversations/{taken.uuid}/draft/{draft.uuid}/", {"do": do})

    assert ReplyDraft.objects.get().text == "mine"


def test_what_a_colleague_has_begun_can_be_gone_on_with(desk, taken):
    ada = make_person("ada", Role.PHONE_SALES_AGENT)
    begun = ReplyDraft.objects.create(conversation=taken, author=ada, text="begun by Ada")
    assert "begun by Ada" in Window(desk, taken).page

    desk.post(f"/conversations/{taken.uuid}/draft/{begun.uuid}/", {"do": "choose"})

    Window(desk, taken).type("begun by Ada, ended by me")
    assert set(ReplyDraft.objects.values_list("author", "text")) == {
        (ada.pk, "begun by Ada"),
        (taken.agent_id, "begun by Ada, ended by me"),
    }


def test_what_was_sent_is_forgotten_and_what_another_window_has_typed_is_not(desk, taken):
    first, second = Window(desk, taken), Window(desk, taken)
    first.type("send this")
    second.type("keep this")

    desk.post(
        f"/conversations/{taken.uuid}/reply/",
        {"to": "marjorie@example.com", "text": "send this", "draft": first.known["draft"]},
    )

    assert ReplyDraft.objects.get().text == "keep this"


@pytest.mark.parametrize(
    "wrong", [{"window": "x"}, {"text": "x" * 20_001}, {"revision": "-1"}], ids=str
)
def test_what_cannot_be_kept_is_said_and_changes_nothing(desk, taken, wrong):
    answer = desk.post(
        f"/conversations/{taken.uuid}/draft/", {"text": "a", "window": uuid.uuid4()} | wrong
    )

    assert answer.status_code == 409
    assert "Not saved" in answer.content.decode()
    assert not ReplyDraft.objects.exists()


def test_an_agent_whose_log_in_has_lapsed_is_sent_to_it_and_saves_nothing(client_for, taken):
    answer = client_for(None).post(
        f"/conversations/{taken.uuid}/draft/",
        {"text": "a", "window": uuid.uuid4()},
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith("/login/")
