"""The offer of a move-in: drawn up with what is known, on the quotation's own screen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from contracts.forms.processes.collecting import collect
from contracts.services.processes.moving_in import draw_up_offer
from contracts.services.processes.shapes import ProcessRefused
from contracts.views.processes.screens import ProcessOperation
from utilcrm.web import htmx


class DrawUpOffer(ProcessOperation):
    """Open the quotation of a move-in, making it at first."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go to the quotation; back to the step if something is missing before it."""
        collected = collect(self.subject)
        try:
            offer = draw_up_offer(process=self.subject, facts=collected.facts, actor=self.actor)
        except ProcessRefused as exc:
            messages.error(request, str(exc))
            step = next((one for one in collected.states if not one.is_done), None)
            key = step.step.key if step else "where"
            return htmx.redirect(
                request, reverse("contracts:process_step", args=[self.subject.uuid, key])
            )
        page = "edit" if offer.is_editable else "detail"
        return htmx.redirect(request, reverse(f"quotations:{page}", args=[offer.uuid]))
