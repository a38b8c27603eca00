"""The visitor's side of a chat."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conversations.models import ChatSession
from conversations.queries.reading import lines_of
from conversations.services import chatting
from conversations.services.noticing import is_known, newest
from portals.forms.asking import BeginChatForm, LineForm
from portals.services import limiting
from portals.views.open_pages import OpenPage
from utilcrm.db.models import new_uuid
from utilcrm.web import htmx
from utilcrm.web.views import Screen


class BeginChat(OpenPage):
    """Who one is, as far as one wants to say, and the first line."""

    template_name = "portals/chat/begin.html"
    title = _("Chat with us")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form."""
        form = BeginChatForm(initial={"key": chatting.new_token()})
        return self.show(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Begin once, or say what is missing and keep what was typed."""
        form = BeginChatForm(request.POST)
        if form.is_valid():
            limiting.count_question(self.visitor_address)
            if form.is_filled_by_a_machine:
                return redirect("portals:chat")
            facts = form.question()
            token = facts.pop("key")
            try:
                chatting.begin_chat(token=token, language=self.language, **facts)
            except chatting.LineRefused as refusal:
                form.add_error("text", str(refusal))
            else:
                return redirect("portals:chat_page", token=token)
        return self.show(self.get_context_data(form=form), status=422)


class ChatWidget(Screen):
    """The script that puts a button for the chat on other sites; its address stays the same."""

    login_required = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send to the script of this release."""
        response = redirect(static("js/chat-widget.js"))
        response["Cache-Control"] = "public, max-age=600"
        return response


class ChatScreen(OpenPage):
    """A page of one chat; its address is the secret."""

    def load(self) -> None:
        """Find the chat, or answer 404."""
        try:
            self.session: ChatSession = chatting.find_chat(self.kwargs["token"])
        except chatting.ChatUnknown as error:
            raise Http404 from error

    def lines(self) -> dict[str, Any]:
        """Return what the list of lines shows."""
        conversation = self.session.conversation
        return {
            "token": self.kwargs["token"],
            # before the lines are read: what comes in between is asked for once more
            "seen": newest(str(conversation.uuid)) or "unknown",
            **lines_of(conversation, whole=True),
            "session": self.session,
            "say_url": reverse("portals:chat_say", args=[self.kwargs["token"]]),
        }


class ChatPage(ChatScreen):
    """What was said, and the next line."""

    template_name = "portals/chat/page.html"
    title = _("Chat with us")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the chat."""
        form = LineForm(initial={"key": new_uuid()})
        return self.show(self.get_context_data(line_form=form, **self.lines()))


class ChatLines(ChatScreen):
    """What was said since, asked for every second."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the lines, if there are others than the page has."""
        if is_known(str(self.session.conversation.uuid), request.GET.get("seen", "")):
            return htmx.nothing_changed()
        return render(request, "portals/chat/_lines.html", self.lines() | {"is_swapped": True})


class ChatSay(ChatScreen):
    """A line of the visitor's; sent twice it is one."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add it, and answer with an empty form; or keep what was typed, and say why."""
        form, status = LineForm(request.POST), 200
        if not form.is_valid():
            status = 422
        else:
            limiting.count_line(self.visitor_address)
            try:
                chatting.say_as_visitor(
                    session=self.session,
                    text=form.cleaned_data["text"],
                    key=str(form.cleaned_data["key"]),
                )
                form = LineForm(initial={"key": new_uuid()})
            except (chatting.ChatOver, chatting.LineRefused) as refusal:
                form.add_error("text", str(refusal))
                status = 409
        context = {"line_form": form}
        response = render(request, "conversations/_say_state.html", context, status=status)
        return htmx.trigger(response, "said") if status == 200 else response


class LeaveChat(ChatScreen):
    """The visitor has no more to say."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End it for both sides; what was said stays to be read."""
        chatting.leave_chat(session=self.session)
        return redirect("portals:chat_page", token=self.kwargs["token"])
