"""What the parts of the quotation screen have in common: the draft that they are about."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse

from quotations.forms.editor import Editor
from quotations.models import Quotation
from utilcrm.web import htmx
from utilcrm.web.views.screens import DetailScreen


class DraftScreen(DetailScreen):
    """A draft that this person may see and draw up."""

    model = Quotation
    permission_required = "quotations.create_quotation"
    context_name = "quotation"
    request: Any  # somebody of the staff is logged in

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what every part of the screen needs along with the draft."""
        return (
            super()
            .get_queryset()
            .select_related(
                "account", "business_agreement", "premise__connection_object", "changed_by"
            )
        )

    def editor(self) -> Editor:
        """Return the screen of the draft as it stands now."""
        return Editor(self.get_queryset().get(pk=self.subject.pk), self.request.user)

    def away(self) -> HttpResponse:
        """Leave for the page of a quotation that is no draft any more."""
        return htmx.redirect(self.request, reverse("quotations:detail", args=[self.kwargs["uuid"]]))
