"""Which premises leave a contract, and which contracts come together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.choices import ProcessKind
from contracts.forms.processes.base import ProcessForm, register_form
from contracts.services.processes.gathering import (
    INHERITED,
    OWN,
    joinable,
    main_item,
    premises_of,
)
from contracts.services.processes.live import live_items


@register_form(ProcessKind.SPLIT, step="split")
class SplitForm(ProcessForm):
    """The premises that get a contract of their own, and from when on."""

    premises = forms.MultipleChoiceField(
        label=_("Premises to split out"), widget=forms.CheckboxSelectMultiple, choices=()
    )
    from_day = forms.DateField(
        label=_("First day of the new contract"),
        help_text=_("The day before is their last day in the present contract."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contract = self.process.contract
        found = premises_of(live_items(contract)) if contract else {}
        self.fields["premises"].choices = [  # type: ignore[attr-defined]
            (key, items[0].pod.premise.address_line) for key, items in found.items()
        ]


@register_form(ProcessKind.JOIN, step="join")
class JoinForm(ProcessForm):
    """The contracts whose premises go on in this one, from when on, and under which terms."""

    contracts = forms.MultipleChoiceField(
        label=_("Contracts to join"), widget=forms.CheckboxSelectMultiple, choices=()
    )
    from_day = forms.DateField(label=_("First day in the joint contract"))
    terms = forms.ChoiceField(
        label=_("Terms"),
        widget=forms.RadioSelect,
        choices=[
            (INHERITED, _("As the main item: product, term and prices")),
            (OWN, _("Each premise keeps its own")),
        ],
        initial=INHERITED,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contract = self.process.contract
        others = joinable(contract) if contract else []
        self.fields["contracts"].choices = [  # type: ignore[attr-defined]
            (str(one.uuid), _line(one)) for one in others
        ]
        main = main_item(contract) if contract else None
        if main is not None:
            self.fields["terms"].help_text = _("Main item: %(place)s, %(product)s") % {
                "place": main.pod.premise.address_line,
                "product": main.product_name,
            }


def _line(contract: Any) -> str:
    places = [items[0].pod.premise.address_line for items in _premises(contract)]
    return f"{contract.number} · {'; '.join(places[:3])}"


def _premises(contract: Any) -> list[Any]:
    return list(premises_of(live_items(contract)).values())
