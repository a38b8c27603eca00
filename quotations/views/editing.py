"""The quotation screen, and which supplies it is about."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from premises.models import PointOfDelivery
from quotations.forms.editor import Editor
from quotations.models import QuotationItem
from quotations.services.drafting import NotADraft, SupplyPointTaken, add_item, remove_item
from quotations.services.grid_usage import GridGoesWithSupply
from quotations.views.draft import DraftScreen
from utilcrm.web import htmx


class EditQuotation(DraftScreen):
    """The whole screen."""

    template_name = "quotations/edit.html"
    partial_template_name = "quotations/_editor.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the draft; what is no draft has its own page."""
        if not self.subject.is_editable:
            return HttpResponseRedirect(reverse("quotations:detail", args=[self.subject.uuid]))
        return self.show(self.get_context_data())

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the screen."""
        title = _("Quotation %(number)s") % {"number": self.subject.number}
        editor = Editor(self.subject, self.request.user)
        return super().get_context_data(**{"editor": editor, "title": title} | extra)


class AddItem(DraftScreen):
    """Offer one more supply."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add the point of delivery, and show the whole screen anew."""
        pod = get_object_or_404(
            PointOfDelivery.objects.visible_to(self.request.user), uuid=self.kwargs["pod"]
        )
        try:
            add_item(quotation_id=self.subject.pk, pod=pod, actor=self.request.user)
        except NotADraft:
            return self.away()
        except SupplyPointTaken:
            pass  # pressed twice: it is there, which is what was wanted
        return htmx.redirect(request, reverse("quotations:edit", args=[self.subject.uuid]))


class RemoveItem(DraftScreen):
    """Take one supply out of the offer."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Remove the item, and show the whole screen anew."""
        try:
            remove_item(
                quotation_id=self.subject.pk, item_uuid=self.kwargs["item"], actor=self.request.user
            )
        except NotADraft:
            return self.away()
        except QuotationItem.DoesNotExist:
            pass  # somebody was quicker: it is out, which is what was wanted
        except GridGoesWithSupply as exc:
            messages.error(request, str(exc))
        return htmx.redirect(request, reverse("quotations:edit", args=[self.subject.uuid]))
