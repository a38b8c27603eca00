"""What a customer's history is narrowed by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract
from interactions.queries.history import Strand, Wanted
from premises.models import Premise
from utilcrm.web.forms import Form


class HistoryForm(Form):
    """Kind, premise and contract; none of them is all."""

    strand = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("everything")), *Strand.choices], required=False
    )
    premise = forms.ChoiceField(label=_("Premise"), required=False)
    contract = forms.ChoiceField(label=_("Contract"), required=False)

    def __init__(
        self,
        *args: Any,
        premises: Sequence[Premise],
        contracts: Sequence[Contract],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.premises = {str(one.uuid): one for one in premises}
        self.contracts = {str(one.uuid): one for one in contracts}
        for name, rows in (
            ("premise", [(key, one.address_line) for key, one in self.premises.items()]),
            ("contract", [(key, one.number) for key, one in self.contracts.items()]),
        ):
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = [("", _("all")), *rows]

    @property
    def wanted(self) -> Wanted:
        """Return what was chosen; the form is valid."""
        cleaned = self.cleaned_data
        return Wanted(
            strand=cleaned["strand"],
            premise=self.premises.get(cleaned["premise"]),
            contract=self.contracts.get(cleaned["contract"]),
        )
