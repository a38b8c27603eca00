"""The wrap-up's settings: reasons, results, and the question to customers."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from interactions.forms.arranging import (
    NewReasonForm,
    NewResultForm,
    PolicyForm,
    ReasonForm,
    ResultForm,
)
from interactions.models import Reason
from interactions.queries.results import results
from interactions.queries.satisfaction import said_lately
from interactions.services.arranging import SettingRefused, save_policy, save_reason, save_result
from interactions.services.satisfying import policy
from utilcrm.web.views import OperationView, Screen

EDIT = "interactions.edit_wrap_up"


class Settings(Screen):
    """Everything about wrap-ups on one page."""

    permission_required = EDIT
    template_name = "interactions/settings/page.html"
    title = _("Wrap-up settings")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        everything = list(Reason.objects.order_by("position", "id"))
        tree = [
            (one, [leaf for leaf in everything if leaf.parent_id == one.pk])
            for one in everything
            if one.parent_id is None
        ]
        return self.show(
            self.get_context_data(
                tree=tree,
                results=results(),
                policy=policy(),
                said=said_lately(request.user),
                no_rail=True,
            )
        )


class SettingOperation(OperationView):
    """Something set for wrap-ups."""

    permission_required = EDIT
    template_name = "interactions/guidance/acting.html"
    success_message = _("Saved.")
    refusals = {SettingRefused: None}

    def get_success_url(self, result: Any) -> str:
        """Back to all settings."""
        return reverse("interactions:wrap_up_settings")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Lead back."""
        back = reverse("interactions:wrap_up_settings")
        self.cancel_url = back
        return super().get_context_data(
            back_url=back, back_label=Settings.title, no_rail=True, **extra
        )


class NewReason(SettingOperation):
    """A further reason."""

    form_class: Any = NewReasonForm
    title = _("New reason")

    def get_initial(self) -> dict[str, Any]:
        """A new one can be chosen, and stands at the end."""
        return {"is_active": True, "position": 50}

    def perform(self, form: Any) -> Reason:
        """Save."""
        return save_reason(
            code=form.cleaned_data["code"],
            actor=self.request.user,
            given=form.given(),
            is_new=True,
        )


class EditReason(SettingOperation):
    """Change a reason's words and place."""

    form_class = ReasonForm
    title = _("Change a reason")

    def load(self) -> None:
        """Load it."""
        self.subject = get_object_or_404(Reason, code=self.kwargs["code"])
        self.intro = self.subject.label

    def get_initial(self) -> dict[str, Any]:
        """Show what is stored."""
        one: Reason = self.subject
        return {
            "own_label": one.own_label,
            "parent": one.parent,
            "position": one.position,
            "is_active": one.is_active,
        }

    def perform(self, form: ReasonForm) -> Reason:
        """Save."""
        return save_reason(
            code=self.subject.code, actor=self.request.user, given=form.given(), is_new=False
        )


class NewResult(SettingOperation):
    """A further result."""

    form_class: Any = NewResultForm
    title = _("New result")

    def get_initial(self) -> dict[str, Any]:
        """A new one can be chosen, and stands at the end."""
        return {"is_active": True, "position": 50}

    def perform(self, form: Any) -> Any:
        """Save."""
        return save_result(
            code=form.cleaned_data["code"],
            actor=self.request.user,
            given=form.given(),
            is_new=True,
        )


class EditResult(SettingOperation):
    """Change a result's words and place."""

    form_class = ResultForm
    title = _("Change a result")

    def load(self) -> None:
        """Find it among the tenant's, or the default ones that nobody has changed yet."""
        found = [one for one in results() if one.code == self.kwargs["code"]]
        if not found:
            raise Http404
        self.subject = found[0]
        self.intro = self.subject.label

    def get_initial(self) -> dict[str, Any]:
        """Show what is stored."""
        return {name: getattr(self.subject, name) for name in ResultForm.base_fields}

    def perform(self, form: ResultForm) -> Any:
        """Save."""
        return save_result(
            code=self.subject.code, actor=self.request.user, given=form.given(), is_new=False
        )


class EditPolicy(SettingOperation):
    """Say whether and how customers are asked."""

    form_class = PolicyForm
    title = _("Question to customers")

    def get_initial(self) -> dict[str, Any]:
        """Show what is stored."""
        return {name: getattr(policy(), name) for name in PolicyForm.base_fields}

    def perform(self, form: PolicyForm) -> Any:
        """Save."""
        return save_policy(actor=self.request.user, **form.cleaned_data)
