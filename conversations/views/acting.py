"""What agents do with a conversation: answer, put back, finish, mark as spam."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conversations.forms import NoForm, PassOnForm, ReplyForm
from conversations.models import Conversation, Handover, Message
from conversations.queries.passing import colleagues_for
from conversations.queries.reaching import addresses_of
from conversations.services import assigning, passing, replying
from conversations.views.showing import page_of
from utilcrm.web.forms import Form
from utilcrm.web.views import OperationView

HANDLE = "conversations.handle_conversation"


class ConversationOperation(OperationView):
    """An operation on a conversation; a refusal is said on its page, and what was typed is kept."""

    model = Conversation
    permission_required = HANDLE
    form_class: type[Form] = NoForm
    http_method_names = ["post"]
    refusals = {assigning.NotPossible: None}
    template_name = "conversations/conversation.html"

    def get_queryset(self) -> Any:
        """Return what the person may see, with whose it is."""
        return super().get_queryset().select_related("account", "agent", "mailbox")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Show the page of the conversation around the refusal."""
        refused = extra.get("form")
        page = page_of(self.subject, self.request)
        if not (isinstance(refused, ReplyForm) and page["is_mine"]):
            extra.pop("form", None)
            errors = refused.errors.values() if refused else ()
            page["refusal"] = [str(text) for texts in errors for text in texts]
            page["typed"] = self.request.POST.get("text", "")
        return super().get_context_data(**{**page, **extra})

    def get_success_url(self, result: Any) -> str:
        """Stay with the conversation."""
        return reverse("conversations:detail", args=[self.subject.uuid])


class Reply(ConversationOperation):
    """Send the answer."""

    form_class = ReplyForm
    refusals = {assigning.NotPossible: None, replying.AnswerRefused: "text"}
    success_message = _("The answer is on its way.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the addresses of this conversation's customer only."""
        return {"addresses": addresses_of(self.subject)}

    def perform(self, form: ReplyForm) -> Message:
        """Send it."""
        return replying.reply(
            conversation=self.subject, agent=self.request.user, **form.cleaned_data
        )


class PutBack(ConversationOperation):
    """Give it back to everybody."""

    success_message = _("The conversation waits for a colleague.")

    def perform(self, form: NoForm) -> Conversation:
        """Put it back."""
        return assigning.put_back(conversation=self.subject, agent=self.request.user)

    def get_success_url(self, result: Any) -> str:
        """Go on to the next one."""
        return reverse("conversations:list")


class Finish(PutBack):
    """Nothing is left to write."""

    success_message = _("The conversation is done.")

    def perform(self, form: NoForm) -> Conversation:
        """Finish it."""
        return assigning.finish(conversation=self.subject, agent=self.request.user)


class MarkSpam(PutBack):
    """It was never a customer's concern."""

    success_message = _("Marked as spam.")

    def perform(self, form: NoForm) -> Conversation:
        """Mark it."""
        return assigning.mark_spam(conversation=self.subject, agent=self.request.user)


class Reopen(ConversationOperation):
    """It is not done after all."""

    def perform(self, form: NoForm) -> Conversation:
        """Open it again."""
        return assigning.reopen(conversation=self.subject, agent=self.request.user)


class PassOn(ConversationOperation):
    """Give it to a colleague, or back to everybody, with a note."""

    http_method_names = ["get", "post"]
    form_class = PassOnForm
    template_name = "components/operation_page.html"
    title = _("Pass on")
    intro = _("The colleague sees everything that was written, and what you have begun to write.")
    submit_label = _("Pass on")
    success_message = _("The conversation was passed on.")
    refusals = {assigning.NotPossible: None, passing.PassingRefused: "colleague"}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer who may answer this customer."""
        return {"colleagues": colleagues_for(self.subject, self.subject.agent)}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Show the form on a page of its own."""
        self.cancel_url = reverse("conversations:detail", args=[self.subject.uuid])
        return super(ConversationOperation, self).get_context_data(**extra)

    def perform(self, form: PassOnForm) -> Handover:
        """Pass it on."""
        return passing.pass_on(
            conversation=self.subject,
            agent=self.request.user,
            colleague=form.cleaned_data["colleague"],
            note=form.cleaned_data["note"],
        )

    def get_success_url(self, result: Any) -> str:
        """Go on to the next one."""
        return reverse("conversations:list")
