"""The answer that is being written: it saves itself, and is never written over."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from conversations.forms import DraftForm, InsertForm, ReplyForm
from conversations.models import Conversation, ReplyDraft
from conversations.queries.reaching import addresses_of
from conversations.services import drafting, replying
from conversations.views.acting import HANDLE
from utilcrm import clock
from utilcrm.web.views import DetailScreen


class Drafting(DetailScreen):
    """What is done with what an agent has typed; by post only."""

    model = Conversation
    permission_required = HANDLE
    own_contact = True
    http_method_names = ["post"]

    def get_queryset(self) -> Any:
        """Return what the person may see, with whose it is."""
        return super().get_queryset().select_related("account", "mailbox")

    def keep(self, form: DraftForm, text: str) -> drafting.Kept:
        """Keep a text in the draft that the page goes on with."""
        return drafting.save_draft(
            conversation=self.subject, author=self.request.user, text=text, place=form.place
        )


class Draft(Drafting):
    """The answer so far; it is sent while the agent types."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep it, and answer with the time; a failure is said, never swallowed."""
        form = DraftForm(request.POST)
        if not form.is_valid():
            error = next(iter(form.errors.values()))[0]
            place = {name: request.POST.get(name, "") for name in ("window", "draft", "revision")}
            context = {"error": error, **place}
            return render(request, "conversations/_draft_state.html", context, status=409)
        kept = self.keep(form, form.cleaned_data["text"])
        return render(request, "conversations/_draft_state.html", state_of(kept))


class Insert(Drafting):
    """Put a template behind what was typed so far."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the whole text, which is kept as the draft."""
        form = InsertForm(request.POST)
        text = request.POST.get("text", "")
        context: dict[str, Any] = {"conversation": self.subject}
        if form.is_valid():
            text = form.cleaned_data["text"]
            if template := form.cleaned_data["template"]:
                ready = replying.filled(template, conversation=self.subject, agent=request.user)
                text = f"{text.rstrip()}\n\n{ready}".lstrip()[: replying.MOST_TEXT]
            context |= state_of(self.keep(form, text)) | {"is_swapped": True}
        context["form"] = ReplyForm(initial={"text": text}, addresses=addresses_of(self.subject))
        return render(request, "conversations/_text.html", context)


class OtherDraft(Drafting):
    """A text that another window, or a colleague, has kept: go on with it, or forget one's own."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do so, and show the conversation again."""
        draft = get_object_or_404(ReplyDraft, conversation=self.subject, uuid=kwargs["draft"])
        if request.POST.get("do") == "forget":
            drafting.forget_draft(conversation=self.subject, author=request.user, draft=draft.uuid)
        elif self.subject.is_worked_on_by(request.user):
            drafting.choose_draft(draft=draft, author=request.user)
        return redirect("conversations:detail", self.subject.uuid)


def state_of(kept: drafting.Kept) -> dict[str, Any]:
    """Return what the page has to know about its draft from now on."""
    return {
        "at": clock.now(),
        "is_beside_another": kept.is_beside_another,
        "draft": kept.draft.uuid,
        "revision": kept.draft.revision,
        "window": kept.draft.window,
    }
