"""One operation on one screen: a plain form, one service call, and every way it can end."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from utilcrm.db.models import StaleVersion
from utilcrm.web import htmx, submissions
from utilcrm.web.forms import Form, merge
from utilcrm.web.views.screens import Screen


class OperationView(Screen):
    """
    A form that posts one operation.

    Declare `form_class`, `permission_required`, optionally `model` (then `self.subject` is the
    row, loaded by `visible_to` or 404), and write `perform(form)`: one service call whose result
    is handed to `get_success_url`. The rest is given:

    * `refusals` maps the service's exceptions to a form field, or None for the whole form; the
      exception's text is shown, what was typed is kept, the answer is 422;
    * a form sent twice does its work once (`SUBMISSION_GUARD`) and leads to the first result;
    * `is_versioned` adds the hidden version; if the service raises `StaleVersion`, the answer is
      409 with what changed, and a form that keeps what was typed;
    * htmx gets `partial_template_name`, everybody else the page.
    """

    form_class: type[Form]
    template_name = "components/operation_page.html"
    partial_template_name = "components/operation_form.html"
    lookup = "uuid"
    intro: Any = ""
    submit_label: Any = _("Save")
    submit_variant = "primary"
    cancel_url = ""
    success_message: Any = ""
    is_versioned = False
    refusals: dict[type[Exception], str | None] = {}
    subject: Any = None

    # What a view must or may write ----------------------------------------------------------

    def perform(self, form: Any) -> Any:
        """Make the one service call; `form.cleaned_data` is valid, `self.version` is known."""
        raise ImproperlyConfigured(f"{type(self).__name__} performs nothing")

    def get_success_url(self, result: Any) -> str:
        """Return where to go when the work is done."""
        if hasattr(result, "get_absolute_url"):
            return str(result.get_absolute_url())
        raise ImproperlyConfigured(f"{type(self).__name__} does not know where to go")

    def get_initial(self) -> dict[str, Any]:
        """Return what the form shows first; for an edit, the record's present values."""
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Return further arguments of the form's own `__init__`."""
        return {}

    def success_response(self, result: Any) -> HttpResponse:
        """Answer a finished operation; override to send a fragment instead of a redirect."""
        return htmx.redirect(self.request, self.get_success_url(result))

    # What is given --------------------------------------------------------------------------

    def load(self) -> None:
        """Load the row or answer 404; an operation without a model has no row."""
        if self.model is not None:
            self.subject = self.get_subject()

    def get_subject(self) -> Any:
        """Return the row that the address names, if this person may see it."""
        return get_object_or_404(self.get_queryset(), **{self.lookup: self.kwargs[self.lookup]})

    @property
    def version(self) -> int | None:
        """Return the version that the person was looking at; None if the form carries none."""
        raw = self.request.POST.get("version", "")
        return int(raw) if raw.isdecimal() and len(raw) < 10 else None

    def get_form(self, data: Any = None) -> Form:
        """Return the form, bound if there is data."""
        kwargs: dict[str, Any] = {"initial": self.get_initial(), **self.get_form_kwargs()}
        if self.is_versioned:
            kwargs["keep_initial"] = True
        if data is not None:
            kwargs |= {"data": data, "files": self.request.FILES}
        return self.form_class(**kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form."""
        return self.show(self.get_context_data(form=self.get_form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check the form and do the work."""
        form = self.get_form(request.POST)
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def form_valid(self, form: Form) -> HttpResponse:
        """Do the work once, and turn each way it can be refused into an answer."""
        token = self.request.POST.get("form_token", "")
        guard = submissions.configured_guard() if token else submissions.unguarded
        route = self.request.resolver_match.view_name if self.request.resolver_match else ""
        try:
            with guard(token=token, actor=self.request.user, route=route) as submission:
                if submission.is_repeat:
                    return self.done(htmx.redirect(self.request, submission.result_url or "/"))
                result = self.perform(form)
                response = self.success_response(result)
                submission.finish(_address_of(response) or self.request.get_full_path())
        except StaleVersion as stale:
            return self.conflict(form, stale)
        except tuple(self.refusals) as refusal:
            form.add_error(self.field_of(refusal), str(refusal))
            return self.form_invalid(form)
        if self.success_message:
            self.announce(response)
        return self.done(response)

    def done(self, response: HttpResponse) -> HttpResponse:
        """Tell the browser that this form has done its work, so that it forgets the draft."""
        if token := self.request.POST.get("form_token", ""):
            response.set_cookie("submitted", token[:64], max_age=600, samesite="Lax")
        return response

    def field_of(self, refusal: Exception) -> str | None:
        """Return the field that a refusal is about, if the form has it."""
        name = next(name for kind, name in self.refusals.items() if isinstance(refusal, kind))
        name = getattr(refusal, "field", None) or name
        return name if name in self.form_class.base_fields else None

    def form_invalid(self, form: Form) -> HttpResponse:
        """Show the form again with what was typed and what is wrong."""
        return self.show(self.get_context_data(form=form), status=422)

    def conflict(self, form: Form, stale: StaleVersion) -> HttpResponse:
        """Show what somebody else saved meanwhile, with what was typed kept in the form."""
        if self.model is not None:
            self.subject = self.get_subject()
        version = getattr(stale.current, "version", 0)
        data, differences = merge(form, self.get_form(), version)
        context = self.get_context_data(
            form=self.get_form(data), differences=differences, version=version
        )
        return self.show(context, status=409)

    def announce(self, response: HttpResponse) -> None:
        """Say that it worked: after a redirect on the next page, else on this one."""
        text = str(self.success_message)
        if _address_of(response):
            messages.success(self.request, text)
        else:
            htmx.toast(response, text)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the form's surroundings."""
        posted = self.request.POST
        extra.setdefault("form_token", posted.get("form_token") or uuid.uuid4().hex)
        if self.is_versioned:
            extra.setdefault(
                "version", posted.get("version") or getattr(self.subject, "version", "")
            )
        return super().get_context_data(
            subject=self.subject,
            intro=self.intro,
            submit_label=self.submit_label,
            submit_variant=self.submit_variant,
            cancel_url=self.cancel_url,
            **extra,
        )


def _address_of(response: HttpResponse) -> str:
    return str(response.get("Location") or response.get("HX-Redirect") or "")
