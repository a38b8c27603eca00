"""Click to dial."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse

from accounts.models import Account
from interactions.middleware import SESSION_KEY
from interactions.models import Interaction
from interactions.services.contacts import ContactEnded
from interactions.services.dialling import CannotDial, dial
from utilcrm.web.forms import Form
from utilcrm.web.views import OperationView


class NumberForm(Form):
    """Which of the customer's numbers."""

    number = forms.CharField(max_length=20)


class Dial(OperationView):
    """Have the telephone call a customer's number; the session turns to the contact."""

    model = Account
    permission_required = "interactions.handle_interaction"
    form_class = NumberForm
    http_method_names = ["post"]
    refusals = {CannotDial: None, ContactEnded: None}
    template_name = "interactions/cannot_dial.html"
    partial_template_name = ""

    def perform(self, form: NumberForm) -> Interaction:
        """Dial."""
        contact = dial(
            agent=self.request.user,
            account=self.subject,
            number=form.cleaned_data["number"],
            contact=self.request.interaction or None,  # type: ignore[attr-defined]
        )
        self.request.session[SESSION_KEY] = str(contact.uuid)
        return contact

    def get_success_url(self, result: Interaction) -> str:
        """Show the customer."""
        return reverse("interactions:account", args=[self.subject.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Name the customer."""
        return super().get_context_data(**{"title": str(self.subject.name), **extra})
