"""Taking in a letter."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from conversations.forms import ScanForm
from conversations.models import Conversation
from conversations.services.asking import take_in_letter
from correspondence.services.uploading import UploadRefused
from utilcrm import clock
from utilcrm.web.views import OperationView


class Scan(OperationView):
    """A letter's scan goes to its customer, and waits for an answer."""

    permission_required = "conversations.scan_letter"
    form_class = ScanForm
    title = _("Take in a letter")
    intro = _("The scan is kept with the customer, and the letter waits for an answer.")
    submit_label = _("Take in")
    success_message = _("The letter was taken in.")
    refusals = {UploadRefused: "file"}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the form find customers that this person may see."""
        return {"user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        """Begin with today, and with the customer whom the address names."""
        named = Account.objects.visible_to(self.request.user).filter(
            number=self.request.GET.get("account", "")[:20]
        )
        return {
            "received_on": clock.today(),
            "account": named.values_list("number", flat=True).first() or "",
        }

    def perform(self, form: ScanForm) -> Conversation:
        """Store the scan and begin the conversation."""
        facts = form.cleaned_data
        return take_in_letter(
            account=facts["account"],
            subject=facts["subject"],
            text=facts["text"],
            received_on=facts["received_on"],
            file_name=facts["file"].name,
            content=facts["file"].read(),
            actor=self.request.user,
        )

    def get_success_url(self, result: Conversation) -> str:
        """Show the conversation to whoever may see it, or take in the next letter."""
        if self.request.user.has_perm("conversations.view_conversation"):
            return reverse("conversations:detail", args=[result.uuid])
        return reverse("conversations:scan")
