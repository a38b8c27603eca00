"""The mailboxes, and whether they can be reached."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conversations.forms import NoForm
from conversations.models import Mailbox
from conversations.services.fetching import check_mailbox
from utilcrm.web.views import OperationView, Screen

MANAGE = "conversations.manage_mailbox"


class Mailboxes(Screen):
    """Each mailbox with its last round and its last check; they are set up in the admin."""

    permission_required = MANAGE
    template_name = "conversations/mailboxes.html"
    title = _("Mailboxes")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show them."""
        root = request.build_absolute_uri("/").rstrip("/")
        mailboxes = Mailbox.objects.order_by("name")
        return self.show(self.get_context_data(mailboxes=mailboxes, root=root))


class CheckMailbox(OperationView):
    """Log in at one mailbox and say what came of it."""

    permission_required = MANAGE
    form_class = NoForm
    http_method_names = ["post"]

    def load(self) -> None:
        """Load the mailbox."""
        self.subject = get_object_or_404(Mailbox, uuid=self.kwargs["uuid"])

    def perform(self, form: NoForm) -> Mailbox:
        """Make the check; its result stands in the list."""
        check_mailbox(self.subject)
        return self.subject

    def get_success_url(self, result: Mailbox) -> str:
        """Show the result."""
        return reverse("conversations:mailboxes")
