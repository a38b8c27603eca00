"""The style guide: every component with lifelike data, in both shells."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.generic import TemplateView

from utilcrm.web import forms as design
from utilcrm.web import htmx
from utilcrm.web.views import samples
from utilcrm.web.views.operation import OperationView


class SampleForm(design.Form):
    """One of each kind of control."""

    kind = forms.ChoiceField(
        label="Kind of customer",
        choices=[("PERSON", "Person"), ("ORGANISATION", "Organisation")],
        widget=forms.RadioSelect,
        initial="PERSON",
    )
    first_name = forms.CharField(
        label="First name", widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label="Last name", widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    email = forms.EmailField(label="E-mail", required=False)
    payment = forms.ChoiceField(
        label="Payment method",
        choices=[("DIRECT_DEBIT", "Direct debit"), ("TRANSFER", "Bank transfer")],
    )
    iban = forms.CharField(label="IBAN", help_text="Checked as you leave the field.")
    start = forms.DateField(label="Start of supply")
    usage = forms.DecimalField(label="Expected consumption", max_digits=12, decimal_places=2)
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    consent = forms.BooleanField(label="The caller agrees to be called about this quotation")


@method_decorator(ensure_csrf_cookie, name="dispatch")
class Workbench(TemplateView):
    """The agent's shell with every component."""

    template_name = "styleguide/workbench.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return sample data for all components."""
        return super().get_context_data(**samples.workbench(), form=SampleForm(), **kwargs)


@method_decorator(ensure_csrf_cookie, name="dispatch")
class Errors(TemplateView):
    """What people see when a form cannot go through."""

    template_name = "styleguide/errors.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return a form with errors and a conflict."""
        form = SampleForm({"kind": "PERSON", "first_name": "Ada", "iban": "GB00"})
        form.is_valid()
        return super().get_context_data(**samples.workbench(), form=form, **kwargs)


@method_decorator(ensure_csrf_cookie, name="dispatch")
class Public(TemplateView):
    """The customer's shell: what signing looks like."""

    template_name = "styleguide/public.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return a sample contract."""
        return super().get_context_data(**samples.public(), **kwargs)


class Form(OperationView):
    """An operation that touches no database: shows errors, keeps drafts, says thanks."""

    login_required = False
    form_class = SampleForm
    title = "New account"
    submit_label = "Create the account"
    success_message = "The account was created."
    template_name = "styleguide/form.html"

    def perform(self, form: Any) -> str:
        """Do nothing, successfully."""
        return self.request.path

    def get_success_url(self, result: Any) -> str:
        """Return to the empty form."""
        return str(result)


def search(request: HttpRequest) -> HttpResponse:
    """Answer the search box with sample hits."""
    return render(
        request, "components/search_results.html", samples.search(request.GET.get("q", ""))
    )


def journey(request: HttpRequest) -> HttpResponse:
    """Answer a poll: nothing has changed."""
    return htmx.nothing_changed()


def dialog(request: HttpRequest) -> HttpResponse:
    """Answer with the inside of a dialog."""
    return render(request, "styleguide/_dialog.html")


def error(request: HttpRequest, status: int) -> HttpResponse:
    """Show an error page."""
    if status == 403:
        raise PermissionDenied
    if status in (400, 409, 500):
        return render(request, f"{status}.html", status=status)
    raise Http404
