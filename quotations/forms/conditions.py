"""The terms of the offer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.models import BusinessAgreement
from quotations.models import Quotation, QuotationItem
from quotations.services.conditions import ItemConditions
from utilcrm.web.forms import Form

MINUTE = "%Y-%m-%dT%H:%M"


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of day and time, in the tenant's time zone."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=MINUTE)


@dataclass(frozen=True)
class ItemFields:
    """The fields of one item, for the template."""

    item: QuotationItem
    start_date: forms.BoundField
    move_in: forms.BoundField
    discount: forms.BoundField


class ConditionsForm(Form):
    """Start and discount of each item; agreement and binding period of the whole."""

    discount_reason = forms.CharField(
        label=_("Reason for the discount"), max_length=255, required=False
    )
    business_agreement = forms.ChoiceField(label=_("Business agreement"), required=False)
    binding_until = forms.DateTimeField(
        label=_("Binding until"), widget=MomentInput, input_formats=[MINUTE]
    )

    def __init__(
        self,
        *args: Any,
        items: Sequence[QuotationItem],
        agreements: Iterable[BusinessAgreement],
        **kwargs: Any,
    ) -> None:
        # A form copies and dresses its base fields; those of the items join them before it does.
        self.base_fields = type(self).base_fields | {  # type: ignore[misc]
            f"{name}_{item.position}": field
            for item in items
            for name, field in _item_fields().items()
        }
        super().__init__(*args, **kwargs)
        self.items = items
        self.agreements = {str(one.uuid): one for one in agreements}
        self.fields["business_agreement"].choices = [  # type: ignore[attr-defined]
            ("", _("A new one, when the contract is made")),
            *(
                (key, f"{one.number} · {one.get_payment_method_display()}")
                for key, one in self.agreements.items()
            ),
        ]

    def as_items(self) -> list[ItemConditions]:
        """Return what the service takes for each item."""
        data = self.cleaned_data
        return [
            ItemConditions(
                item_uuid=item.uuid,
                start_date=data[f"start_date_{item.position}"],
                move_in=data[f"move_in_{item.position}"],
                discount_percent=data[f"discount_{item.position}"] or Decimal(0),
            )
            for item in self.items
        ]

    def chosen_agreement(self) -> BusinessAgreement | None:
        """Return the business agreement that was chosen."""
        return self.agreements.get(self.cleaned_data["business_agreement"])

    def item_fields(self) -> Iterator[ItemFields]:
        """Return the fields of each item."""
        for item in self.items:
            yield ItemFields(
                item=item,
                start_date=self[f"start_date_{item.position}"],
                move_in=self[f"move_in_{item.position}"],
                discount=self[f"discount_{item.position}"],
            )


def conditions_initial(quotation: Quotation, items: Iterable[QuotationItem]) -> dict[str, Any]:
    """Return what the form shows for a quotation."""
    agreement = quotation.business_agreement
    binding_until = quotation.binding_until
    initial: dict[str, Any] = {
        "discount_reason": quotation.discount_reason,
        "business_agreement": str(agreement.uuid) if agreement else "",
        "binding_until": (
            localtime(binding_until).replace(second=0, microsecond=0) if binding_until else None
        ),
    }
    for item in items:
        initial |= {
            f"start_date_{item.position}": item.start_date,
            f"move_in_{item.position}": item.move_in,
            f"discount_{item.position}": item.discount_percent,
        }
    return initial


def _item_fields() -> dict[str, forms.Field]:
    return {
        "start_date": forms.DateField(
            label=_("Start of supply"), widget=forms.DateInput, input_formats=["%Y-%m-%d"]
        ),
        "move_in": forms.BooleanField(label=_("The customer moves in"), required=False),
        "discount": forms.DecimalField(
            label=_("Discount"),
            min_value=0,
            max_value=Decimal("99.99"),
            max_digits=5,
            decimal_places=2,
            required=False,
        ),
    }
