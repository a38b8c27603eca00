"""Answers while somebody types: a field's check, and who may be there already."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.dateparse import parse_date

from access.queries import segments_of
from accounts.choices import AccountKind, ContactKind
from accounts.forms import NewAccountForm
from accounts.forms.account import EMAILS, PHONES
from accounts.queries.duplicates import Match, likely_matches, same_tax_id
from accounts.services.contacting import ContactInput, check_contact
from tenants.queries import current_profile
from utilcrm.identifiers import InvalidIdentifier, validate_tax_id
from utilcrm.web.forms import Form
from utilcrm.web.templatetags.ui import field as render_field
from utilcrm.web.views import Screen

_NORMALISED = ("phone", "email", "iban", "postcode", "tax_id")


class CheckField(Screen):
    """Answer the one field that htmx was triggered by: normalised, or with its error."""

    permission_required = "accounts.view_account"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Clean the named field alone and return it."""
        name = request.headers.get("HX-Trigger-Name", "")
        if not name.startswith(_NORMALISED):
            raise Http404
        form = self._bound(request.POST)
        if name not in form.fields:
            raise Http404
        form.is_valid()
        if name in form.errors:
            return HttpResponse(render_field(form[name], **self._options(name)))
        data = request.POST.copy()
        data[name] = str(form.fields[name].prepare_value(form.cleaned_data.get(name, "")))
        shown: Any = self._bound(data)
        shown._errors = {}
        return HttpResponse(render_field(shown[name], **self._options(name)))

    def _bound(self, data: Any) -> Form:
        is_edit = any(key.startswith("initial-") for key in data)
        return NewAccountForm(
            data,
            keep_initial=is_edit,
            segments=segments_of(self.request.user),
        )

    def _options(self, name: str) -> dict[str, Any]:
        return {"narrow": True} if name == "postcode" else {}


class Duplicates(Screen):
    """Show who may be the person or organisation that is being typed."""

    permission_required = "accounts.create_account"
    # It looks and changes nothing.
    own_contact = True
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer with the panel; it is empty while too little is typed."""
        matches = self._matches(request.POST)
        context = {
            "matches": matches,
            "ask_to_confirm": any(not match.is_certain for match in matches),
        }
        return HttpResponse(render_to_string("accounts/_duplicates.html", context, request))

    def _matches(self, typed: Any) -> list[Match]:
        organisation = typed.get("kind") == AccountKind.ORGANISATION
        values: dict[str, Any] = {
            name: typed.get(name, "").strip() for name in ("street", "house_number", "postcode")
        }
        names = ("organisation_name",) if organisation else ("first_name", "last_name")
        values |= {name: typed.get(name, "").strip() for name in names}
        values["birth_date"] = None if organisation else _date(typed.get("birth_date", ""))
        certain = self._same_tax_id(typed.get("tax_id", ""), organisation)
        return certain or likely_matches(values, _reach(typed), actor=self.request.user)  # type: ignore[arg-type]

    def _same_tax_id(self, typed: str, organisation: bool) -> list[Match]:
        try:
            tax_id = validate_tax_id(typed, current_profile().market, organisation=organisation)
        except InvalidIdentifier:
            return []
        return same_tax_id(tax_id, actor=self.request.user, except_for=None)  # type: ignore[arg-type]


def _date(typed: str) -> Any:
    try:
        return parse_date(typed)
    except ValueError:
        return None


def _reach(typed: Any) -> list[tuple[str, str]]:
    """Return the contact points that are complete so far."""
    region = current_profile().phone_region
    names = [(ContactKind.PHONE, f"phone_{number}") for number in range(PHONES)]
    names += [(ContactKind.EMAIL, f"email_{number}") for number in range(EMAILS)]
    found = []
    for kind, name in names:
        value = typed.get(name, "").strip()
        if value:
            try:
                checked = check_contact(ContactInput(kind, value), region=region)
            except (InvalidIdentifier, ValidationError):
                continue
            found.append((checked.kind, checked.value))
    return found
