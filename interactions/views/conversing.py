"""Working on what a customer has written: a contact like any other."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from conversations.models import Conversation
from conversations.services.assigning import ConversationTaken, NotPossible
from interactions.forms import NoForm
from interactions.middleware import SESSION_KEY
from interactions.models import Interaction
from interactions.services.conversing import take_conversation
from utilcrm.web.views import OperationView


class TakeConversation(OperationView):
    """Take up a conversation: it opens as a contact, and is in this agent's hands alone."""

    model = Conversation
    permission_required = ("interactions.handle_interaction", "conversations.handle_conversation")
    own_contact = True
    form_class = NoForm
    http_method_names = ["post"]
    refusals = {ConversationTaken: None, NotPossible: None}
    template_name = "interactions/conversation_gone.html"

    def perform(self, form: NoForm) -> Interaction:
        """Take it, and turn the session to its contact."""
        contact = take_conversation(conversation=self.subject, agent=self.request.user)
        self.request.session[SESSION_KEY] = str(contact.uuid)
        return contact

    def get_success_url(self, result: Interaction) -> Any:
        """Show what was written."""
        return reverse("conversations:detail", args=[self.subject.uuid])
