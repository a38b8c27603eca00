"""Choosing the points of delivery that an offer is for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from premises.models import PointOfDelivery
from utilcrm.web.forms import Form


def pod_label(pod: PointOfDelivery) -> str:
    """Return how an agent tells points of delivery apart: energy and identifier."""
    return f"{pod.get_division_display()} · {pod.external_id}"


class OpeningForm(Form):
    """The points of delivery of one premise; all of them are proposed."""

    pods = forms.MultipleChoiceField(
        label=_("Offer supply for"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one point of delivery.")},
    )

    def __init__(self, *args: Any, pods: Iterable[PointOfDelivery], **kwargs: Any) -> None:
        self.at_hand = {str(pod.uuid): pod for pod in pods}
        kwargs.setdefault("initial", {})
        kwargs["initial"].setdefault("pods", list(self.at_hand))
        super().__init__(*args, **kwargs)
        self.fields["pods"].choices = [  # type: ignore[attr-defined]
            (key, pod_label(pod)) for key, pod in self.at_hand.items()
        ]

    def chosen(self) -> list[PointOfDelivery]:
        """Return the points of delivery that were ticked."""
        return [self.at_hand[key] for key in self.cleaned_data["pods"]]
