"""One conversation, its files, and the card of it beside a contact."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conversations.choices import Channel, ConversationStatus
from conversations.forms import LineForm, ReplyForm
from conversations.models import Attachment, Conversation
from conversations.queries.cautions import cautions_of
from conversations.queries.drafts import begun_by_others, drafts_of
from conversations.queries.passing import handovers_of
from conversations.queries.reaching import addresses_of, proposals
from conversations.queries.reading import (
    conversation_of_contact,
    earlier_of,
    latest_of_customer,
    lines_of,
    templates_for,
)
from conversations.services.asking import scans_of
from conversations.services.assigning import LEAD
from conversations.services.noticing import newest
from conversations.services.replying import is_answered_by_mail
from conversations.views.listing import SEE
from utilcrm.db.models import new_uuid
from utilcrm.files import file_response
from utilcrm.web.views import DetailScreen, Screen


def page_of(conversation: Conversation, request: HttpRequest, **more: Any) -> dict[str, Any]:
    """Return what the page of a conversation shows to this person."""
    user = request.user
    may_handle = user.has_perm("conversations.handle_conversation")
    is_mine = may_handle and conversation.is_worked_on_by(user)
    is_in_hands = conversation.status == ConversationStatus.ASSIGNED
    is_chat = conversation.channel == Channel.CHAT
    page: dict[str, Any] = {
        # before the messages are read: what comes in between is asked for once more
        "token": newest(str(conversation.uuid)) or "unknown",
        "conversation": conversation,
        "title": conversation.subject,
        **lines_of(conversation, whole="all" in request.GET),
        "is_mine": is_mine,
        "is_chat": is_chat,
        "may_take_up": may_handle
        and conversation.is_unfinished
        and (not is_in_hands or conversation.is_passed_to(user)),
        "may_move": may_handle
        and is_in_hands
        and (conversation.agent_id == user.pk or user.has_perm(LEAD)),
        "may_finish": may_handle
        and conversation.is_unfinished
        and (not is_in_hands or conversation.agent_id == user.pk or user.has_perm(LEAD)),
        "handovers": handovers_of(conversation),
        "earlier": earlier_of(conversation, user),
        "proposals": [] if conversation.account else proposals(conversation, user),
        # Beside the contact stands what belongs to it; what was written stands here already.
        "no_rail": not getattr(request, "interaction", None),
        "rail_conversation": "",
    }
    if conversation.channel == Channel.LETTER:
        page["scans"] = scans_of(conversation)
    if is_mine:
        page |= _writing(conversation, user)
    return page | more


def _writing(conversation: Conversation, user: Any) -> dict[str, Any]:
    """Return what one answers with: a line where somebody sits and waits, else a letter."""
    if not is_answered_by_mail(conversation):
        return {
            "is_open": True,
            "say_url": reverse("conversations:say", args=[conversation.uuid]),
            "line_form": LineForm(initial={"key": new_uuid()}),
        }
    drafts = drafts_of(conversation, user)
    draft = drafts[0] if drafts else None
    addresses = addresses_of(conversation)
    return {
        "templates": templates_for(conversation),
        "draft": draft.uuid if draft else "",
        "revision": draft.revision if draft else 0,
        "window": new_uuid(),
        "at": draft.updated_at if draft else None,
        "other_drafts": [*drafts[1:], *begun_by_others(conversation, user)],
        "addresses": addresses,
        "reply_files": conversation.reply_files.order_by("pk"),
        "cautions": cautions_of(conversation, addresses),
        "form": ReplyForm(initial={"text": draft.text if draft else ""}, addresses=addresses),
    }


class ConversationPage(DetailScreen):
    """Everything that was written, whom it may be with, and the answer."""

    model = Conversation
    permission_required = SEE
    template_name = "conversations/conversation.html"

    def get_queryset(self) -> Any:
        """Return what the person may see, with whose it is."""
        return super().get_queryset().select_related("account", "agent", "mailbox")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it under its own contact, so that nothing lands on another one's customer."""
        page = page_of(self.subject, request)
        contact = getattr(request, "interaction", None)
        if page["is_mine"] and (not contact or contact.uuid != self.subject.contact_uuid):
            return redirect("interactions:contact", self.subject.contact_uuid)
        return self.show(self.get_context_data(**page))


class FileOfMessage(Screen):
    """A file that came with a message: always a download, never shown by the browser."""

    permission_required = SEE

    def load(self) -> None:
        """Load the file of a conversation that this person may see."""
        self.subject = get_object_or_404(
            Attachment.objects.visible_to(self.request.user), uuid=self.kwargs["uuid"]
        )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Send the bytes as what they are, under a name without tricks."""
        if not self.subject.can_be_opened:
            raise Http404
        with default_storage.open(str(self.subject.file.name)) as file:
            content = file.read()
        return file_response(content, name=self.subject.name, mime=self.subject.kind, inline=False)


class RailCard(Screen):
    """What the present contact's conversation says, beside whatever page the agent is on."""

    permission_required = SEE
    title = _("Conversation")

    def get(self, request: HttpRequest, uuid: Any) -> HttpResponse:
        """Show what the customer wrote last, or nothing."""
        conversation = conversation_of_contact(uuid, request.user)
        latest = latest_of_customer(conversation) if conversation else None
        context = {"conversation": conversation, "latest": latest}
        return render(request, "conversations/_rail.html", context)
