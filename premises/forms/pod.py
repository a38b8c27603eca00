"""The identifier of a point of delivery and its distributor, checked by the market's rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from premises.choices import Division
from premises.models import ServiceProvider
from premises.queries import distributor_for, distributors
from premises.services.establishing import PodInput
from tenants.queries import current_profile
from utilcrm import clock
from utilcrm.identifiers import InvalidIdentifier, name_of, scheme_for, validate
from utilcrm.identifiers.registry import EXAMPLES
from utilcrm.web.forms import Form

CHECKED_WHEN_LEFT: dict[str, Any] = {
    "hx-post": reverse_lazy("premises:check"),
    "hx-trigger": "change",
    "hx-target": "closest .pod-fields",
    "hx-swap": "outerHTML",
    "hx-include": "closest form",
    "hx-sync": "this:queue last",
    "autocomplete": "off",
    "spellcheck": "false",
    "inputmode": "text",
}


class PodFieldsForm(Form):
    """
    What forms with points of delivery share.

    Each point has an identifier field and a distributor field. The distributor may be left to the
    identifier where the identifier names it.
    """

    def __init__(self, *args: Any, postcode: str = "", **kwargs: Any) -> None:
        self.profile = current_profile()
        self.known_postcode = postcode
        super().__init__(*args, **kwargs)

    def offer_distributors(self, name: str, division: str) -> None:
        """Let the field offer the market's distributors of a division."""
        self.providers = getattr(self, "providers", {})
        rows = list(distributors(market=self.profile.market, division=division))
        self.providers |= {str(row.uuid): row for row in rows}
        self.fields[name].choices = [  # type: ignore[attr-defined]
            ("", _("From the identifier or the address")),
            *((str(row.uuid), row.name) for row in rows),
        ]

    def explain_identifier(self, name: str, division: str) -> None:
        """Say under the field what the identifier is called and looks like."""
        scheme = scheme_for(self.profile.market, division)
        self.fields[name].help_text = _("%(scheme)s, such as %(example)s") % {
            "scheme": name_of(scheme),
            "example": EXAMPLES[scheme],
        }

    def check_pod(self, identifier: str, distributor: str, division: str) -> None:
        """Check an identifier, and find its distributor or ask for it."""
        typed = self.cleaned_data.get(identifier, "")
        if not typed or identifier in self.errors:
            return
        try:
            value = validate(scheme_for(self.profile.market, division), typed)
        except InvalidIdentifier as error:
            self.add_error(identifier, str(error.reason))
            return
        self.cleaned_data[identifier] = value
        derived = distributor_for(
            market=self.profile.market,
            division=division,
            external_id=value,
            postcode=self.cleaned_data.get("postcode") or self.known_postcode,
        )
        chosen = self.providers.get(self.cleaned_data.get(distributor, ""))
        if chosen is None and derived is None:
            self.add_error(distributor, _("Nothing tells the distributor: choose it."))
        elif chosen and derived and derived.is_certain and derived.provider != chosen:
            self.add_error(
                distributor,
                _("The identifier belongs to %(name)s.") % {"name": derived.provider.name},
            )
        else:
            found = chosen or (derived.provider if derived else None)
            self.cleaned_data[distributor] = str(found.uuid) if found else ""

    def provider(self, name: str) -> ServiceProvider | None:
        """Return the distributor of a cleaned field."""
        found: ServiceProvider | None = self.providers.get(self.cleaned_data.get(name, ""))
        return found


def identifier_field(label: Any, *, required: bool) -> forms.CharField:
    """Return a field that is checked, with its distributor, when it is left."""
    return forms.CharField(
        label=label,
        max_length=50,
        required=required,
        widget=forms.TextInput(attrs={"class": "code"} | CHECKED_WHEN_LEFT),
    )


def distributor_field() -> forms.ChoiceField:
    """Return a field for the distributor; the form offers the market's."""
    return forms.ChoiceField(label=_("Distributor"), required=False)


class PodForm(PodFieldsForm):
    """A further point of delivery of a premise."""

    division = forms.ChoiceField(label=_("Energy"), choices=Division.choices)
    external_id = identifier_field(_("Identifier"), required=True)
    distributor = distributor_field()
    valid_from = forms.DateField(label=_("Valid from"), initial=clock.today)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        division = str(self["division"].value() or Division.ELECTRICITY)
        if division not in Division.values:
            division = Division.ELECTRICITY
        self.offer_distributors("distributor", division)
        self.explain_identifier("external_id", division)
        self.fields["division"].widget.attrs |= {
            key: value for key, value in CHECKED_WHEN_LEFT.items() if key.startswith("hx-")
        }

    def clean(self) -> dict[str, Any]:
        """Check identifier and distributor together."""
        values = super().clean() or self.cleaned_data
        if values.get("division"):
            self.check_pod("external_id", "distributor", values["division"])
        return values

    def pod(self) -> PodInput:
        """Return what the service takes."""
        return PodInput(
            division=self.cleaned_data["division"],
            external_id=self.cleaned_data["external_id"],
            distributor=self.provider("distributor"),
            valid_from=self.cleaned_data["valid_from"],
        )
