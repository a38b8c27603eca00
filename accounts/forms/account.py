"""The form of a new account, and of changing one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from access.choices import SegmentCode
from accounts.choices import AccountKind, ContactKind, Title
from accounts.forms.agreement import AgreementForm
from accounts.forms.fields import CHECKED_WHEN_LEFT, PhoneField
from accounts.services.contacting import ContactInput
from accounts.services.creating import AccountInput
from tenants.queries import current_profile
from utilcrm import clock
from utilcrm.identifiers import InvalidIdentifier, validate_tax_id
from utilcrm.identifiers.addresses import field_order, validate_postcode
from utilcrm.identifiers.tax import tax_id_name
from utilcrm.web.forms import Form

PHONE_LABELS = (
    _("Telephone"),
    _("Second telephone"),
    _("Third telephone"),
    _("Fourth telephone"),
)
EMAIL_LABELS = (_("E-mail"), _("Second e-mail"), _("Third e-mail"))
PHONES = len(PHONE_LABELS)
EMAILS = len(EMAIL_LABELS)
LANGUAGES = [
    ("en", _("English")),
    ("de", _("German")),
    ("es", _("Spanish")),
    ("da", _("Danish")),
]
_OLDEST_YEARS = 120


def _text(
    label: Any, length: int, *, required: bool = False, attrs: dict[str, Any] | None = None
) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"} | (attrs or {}))
    return forms.CharField(label=label, max_length=length, required=required, widget=widget)


class AccountForm(Form):
    """Who a business partner is, where they get letters and how to reach them."""

    title = forms.ChoiceField(label=_("Title"), choices=[("", "–"), *Title.choices], required=False)
    first_name = _text(_("First name"), 60, attrs={"data-autofocus": ""})
    last_name = _text(_("Last name"), 60)
    organisation_name = _text(_("Organisation"), 120)
    birth_date = forms.DateField(label=_("Date of birth"), required=False)
    tax_id = _text(_("Tax number"), 20, attrs=CHECKED_WHEN_LEFT)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    street = _text(_("Street"), 80, required=True)
    house_number = _text(_("House number"), 10)
    flat = _text(_("Flat"), 35)
    postcode = _text(_("Postcode"), 10, required=True, attrs=CHECKED_WHEN_LEFT)
    town = _text(_("Town"), 60, required=True)

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        self.profile = current_profile()
        super().__init__(*args, **kwargs)
        self.fixed_kind = kind or AccountKind.PERSON.value
        for number, label in enumerate(PHONE_LABELS):
            self._add(f"phone_{number}", PhoneField(label=label))
        for number, label in enumerate(EMAIL_LABELS):
            email = forms.EmailField(label=label, required=False, max_length=254)
            email.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"} | CHECKED_WHEN_LEFT
            self._add(f"email_{number}", email)
        self.fields["tax_id"].help_text = self.tax_id_help()
        if "language" not in self.initial:
            self.initial["language"] = self.profile.language[:2]

    def _add(self, name: str, field: forms.Field) -> None:
        field.show_hidden_initial = self.fields["street"].show_hidden_initial
        self.fields[name] = field

    def tax_id_help(self) -> str:
        """Say what the tax number is called."""
        is_organisation = self.fixed_kind == AccountKind.ORGANISATION
        return tax_id_name(self.profile.market, organisation=is_organisation)

    # What templates arrange

    def address_fields(self) -> list[forms.BoundField]:
        """Return the address in the order in which people of the country say it."""
        return [self[name] for name in field_order(self.profile.market)]

    def phone_fields(self) -> list[forms.BoundField]:
        """Return the fields for telephone numbers."""
        return [self[f"phone_{number}"] for number in range(PHONES)]

    def email_fields(self) -> list[forms.BoundField]:
        """Return the fields for e-mail addresses."""
        return [self[f"email_{number}"] for number in range(EMAILS)]

    def has_more_reach(self) -> bool:
        """Whether a number or address behind the fold is filled in, or is wrong."""
        folded = [*self.phone_fields()[2:], *self.email_fields()[1:]]
        return any(field.value() or field.errors for field in folded)

    # Checks

    def clean_birth_date(self) -> Any:
        """Refuse a date of birth that no living adult or child has."""
        born = self.cleaned_data["birth_date"]
        if born and not clock.today().year - _OLDEST_YEARS <= born.year:
            raise forms.ValidationError(_("This date is too long ago."))
        if born and born > clock.today():
            raise forms.ValidationError(_("A date of birth lies in the past."))
        return born

    def clean_postcode(self) -> str:
        """Return the postcode as the country writes it."""
        try:
            return validate_postcode(self.cleaned_data["postcode"], self.profile.market)
        except InvalidIdentifier as error:
            raise forms.ValidationError(error.reason) from None

    def clean(self) -> dict[str, Any]:
        """Check what depends on the kind of partner."""
        values = super().clean() or self.cleaned_data
        is_organisation = self.account_kind() == AccountKind.ORGANISATION
        name = "organisation_name" if is_organisation else "last_name"
        if not values.get(name) and name not in self.errors:
            self.add_error(
                name,
                _("An organisation has a name.") if is_organisation else _("A person has a name."),
            )
        if values.get("tax_id"):
            try:
                values["tax_id"] = validate_tax_id(
                    values["tax_id"], self.profile.market, organisation=is_organisation
                )
            except InvalidIdentifier as error:
                self.add_error("tax_id", str(error.reason))
        return values

    def account_kind(self) -> str:
        """Return the kind that was chosen, or the record's own."""
        return str(self.cleaned_data.get("kind") or self.fixed_kind)

    # What services take

    def facts(self, *, segment: str = "") -> AccountInput:
        """Return the cleaned facts."""
        values = self.cleaned_data
        return AccountInput(
            kind=self.account_kind(),
            segment=values.get("segment") or segment,
            country=self.profile.market,
            **{
                name: values[name]
                for name in AccountForm.base_fields
                if name in AccountInput.__dataclass_fields__
            },
        )

    def contacts(self) -> list[ContactInput]:
        """Return the telephone numbers and e-mail addresses, in the order of the form."""
        phones = [self.cleaned_data[field.name] for field in self.phone_fields()]
        emails = [self.cleaned_data[field.name] for field in self.email_fields()]
        return [
            *(ContactInput(ContactKind.PHONE, value) for value in phones if value),
            *(ContactInput(ContactKind.EMAIL, value) for value in emails if value),
        ]


class NewAccountForm(AccountForm, AgreementForm):
    """A new account with its first business agreement."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=AccountKind.choices,
        widget=forms.RadioSelect,
        initial=AccountKind.PERSON,
    )
    segment = forms.ChoiceField(label=_("Segment"), choices=SegmentCode.choices)
    with_agreement = forms.BooleanField(
        label=_("Create the first business agreement now"), required=False, initial=True
    )
    is_known_to_differ = forms.BooleanField(
        label=_("I have looked: this is somebody else"), required=False
    )

    def __init__(self, *args: Any, segments: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = [choice for choice in SegmentCode.choices if choice[0] in segments]
        self.fields["segment"].choices = allowed  # type: ignore[attr-defined]

    def tax_id_help(self) -> str:
        """Say what the tax number is called; the page shows the name for the kind chosen."""
        return format_html(
            '<span class="only-person">{}</span><span class="only-organisation">{}</span>',
            tax_id_name(self.profile.market, organisation=False),
            tax_id_name(self.profile.market, organisation=True),
        )

    def wants_agreement(self) -> bool:
        """Whether an agreement is to be made with the account."""
        return bool(self.cleaned_data.get("with_agreement"))
