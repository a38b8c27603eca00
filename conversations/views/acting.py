"""What agents do with a conversation: answer, put back, finish, mark as spam."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conversations.forms import DraftForm, InsertForm, NoForm, ReplyForm
from conversations.models import Conversation, Message
from conversations.queries.reaching import addresses_of
from conversations.services import assigning, replying
from conversations.views.showing import page_of
from utilcrm import clock
from utilcrm.web.forms import Form
from utilcrm.web.views import DetailScreen, OperationView

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


class Draft(DetailScreen):
    """The answer that is being written; it saves itself while the agent types."""

    model = Conversation
    permission_required = HANDLE
    own_contact = True
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep it, and answer with the time; a failure is said, never swallowed."""
        form = DraftForm(request.POST)
        error = "" if form.is_valid() else str(form.errors["text"][0])
        if not error:
            replying.save_draft(
                conversation=self.subject, author=request.user, text=form.cleaned_data["text"]
            )
        return render(
            request,
            "conversations/_draft_saved.html",
            {"at": clock.now(), "error": error},
            status=409 if error else 200,
        )


class Insert(DetailScreen):
    """Put a template behind what was typed so far."""

    model = Conversation
    permission_required = HANDLE
    http_method_names = ["post"]

    def get_queryset(self) -> Any:
        """Return what the person may see, with whose it is."""
        return super().get_queryset().select_related("account", "mailbox")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the whole text, which is kept as the draft."""
        form = InsertForm(request.POST)
        text = request.POST.get("text", "")
        if form.is_valid():
            text = form.cleaned_data["text"]
            if template := form.cleaned_data["template"]:
                ready = replying.filled(template, conversation=self.subject, agent=request.user)
                text = f"{text.rstrip()}\n\n{ready}".lstrip()[: replying.MOST_TEXT]
            replying.save_draft(conversation=self.subject, author=request.user, text=text)
        reply = ReplyForm(initial={"text": text}, addresses=addresses_of(self.subject))
        return render(
            request, "conversations/_text.html", {"conversation": self.subject, "form": reply}
        )
