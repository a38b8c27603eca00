"""A new premise with its points of delivery."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from premises.choices import Division, PremiseKind
from premises.forms.pod import PodFieldsForm, distributor_field, identifier_field
from premises.services.creating import AddressInput
from premises.services.establishing import PodInput
from utilcrm.identifiers import InvalidIdentifier
from utilcrm.identifiers.addresses import field_order, validate_postcode

POINTS = (
    (Division.ELECTRICITY, "electricity_id", "electricity_distributor"),
    (Division.GAS, "gas_id", "gas_distributor"),
)
ADDRESS = ("street", "house_number", "postcode", "town")


def _text(label: Any, length: int, *, required: bool = False) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=length, required=required, widget=widget)


class SiteForm(PodFieldsForm):
    """
    A flat, house or shop, and what supplies it.

    In a known building (`has_building`) the address is not asked for.
    """

    street = _text(_("Street"), 80, required=True)
    house_number = _text(_("House number"), 10)
    postcode = _text(_("Postcode"), 10, required=True)
    town = _text(_("Town"), 60, required=True)
    kind = forms.ChoiceField(
        label=_("Used as"), choices=PremiseKind.choices, initial=PremiseKind.HOUSEHOLD
    )
    flat = _text(_("Flat"), 35)
    floor = _text(_("Floor"), 35)
    electricity_id = identifier_field(_("Electricity"), required=False)
    electricity_distributor = distributor_field()
    gas_id = identifier_field(_("Gas"), required=False)
    gas_distributor = distributor_field()

    def __init__(self, *args: Any, has_building: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_building:
            for name in ADDRESS:
                del self.fields[name]
        for division, identifier, distributor in POINTS:
            self.offer_distributors(distributor, division)
            self.explain_identifier(identifier, division)

    def address_fields(self) -> list[forms.BoundField]:
        """Return the address in the order in which people of the country say it."""
        order = field_order(self.profile.market)
        return [self[name] for name in order if name in ADDRESS and name in self.fields]

    def points(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Return (division, identifier, distributor) of each point for the template."""
        return [
            (str(division), self[identifier], self[distributor])
            for division, identifier, distributor in POINTS
        ]

    def clean_postcode(self) -> str:
        """Return the postcode as the country writes it."""
        try:
            return validate_postcode(self.cleaned_data["postcode"], self.profile.market)
        except InvalidIdentifier as error:
            raise forms.ValidationError(error.reason) from None

    def clean(self) -> dict[str, Any]:
        """Check each point of delivery, and that there is one."""
        values = super().clean() or self.cleaned_data
        for division, identifier, distributor in POINTS:
            self.check_pod(identifier, distributor, division)
        if not any(self.data.get(identifier, "").strip() for _d, identifier, _p in POINTS):
            self.add_error(
                "electricity_id", _("Enter the identifier of at least one point of delivery.")
            )
        return values

    def address(self) -> AddressInput:
        """Return the cleaned address."""
        return AddressInput(**{name: self.cleaned_data[name] for name in ADDRESS})

    def pods(self) -> list[PodInput]:
        """Return the points of delivery that were filled in."""
        return [
            PodInput(
                division=division,
                external_id=self.cleaned_data[identifier],
                distributor=self.provider(distributor),
            )
            for division, identifier, distributor in POINTS
            if self.cleaned_data.get(identifier)
        ]
