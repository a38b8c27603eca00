"""What the values of coded columns and the names of products stand for."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from migration_import.choices import BY_KEY
from migration_import.forms import CodesForm
from migration_import.models import FileImport
from migration_import.queries.products import our_products
from migration_import.queries.values import MOST_CODES, distinct_values
from migration_import.services import starting
from migration_import.services.checking.cells import LEFT_OUT
from migration_import.services.mapping import guess_codes, save_mapping, saved_codes
from migration_import.services.product_names import (
    KEY,
    NamesToAsk,
    guess_products,
    names_to_ask,
)
from migration_import.views.preparing import Preparing


class SetCodes(Preparing):
    """Say what the values stand for, and start the dry run or go on to the next products."""

    form_class = CodesForm
    template_name = "migration_import/codes.html"
    title = _("What the values mean")
    submit_label = _("Start the dry run")
    step = 2

    @cached_property
    def values(self) -> dict[str, list[str]]:
        """The different values of each coded column that has not too many of them."""
        found = {
            key: distinct_values(self.subject, column)
            for key, column in self.subject.mapping.items()
            if BY_KEY[key].is_coded
        }
        return {key: values for key, values in found.items() if values}

    @cached_property
    def saved(self) -> dict[str, dict[str, str]]:
        """What a saved mapping says."""
        return saved_codes(self.subject.columns)

    def said(self, key: str) -> dict[str, str]:
        """Return what was said of a coded column before, what a saved mapping says, or a guess."""
        return {
            **guess_codes(key, self.values.get(key, [])),
            **self.saved.get(key, {}),
            **self.subject.codes.get(key, {}),
        }

    @cached_property
    def names(self) -> NamesToAsk:
        """The names of products to ask for now."""
        if KEY not in self.subject.mapping:
            return NamesToAsk([])
        divisions = {
            value: code
            for value, code in self.said("division").items()
            if code not in {"", LEFT_OUT}
        }
        return names_to_ask(self.subject, divisions=divisions, said=self.products_said)

    @property
    def products_said(self) -> dict[str, str]:
        """Our product of each name as it was said before."""
        return {**self.saved.get(KEY, {}), **self.subject.codes.get(KEY, {})}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form the values, and the products with what is proposed for them."""
        names, products = self.names.names, our_products()
        here = {one.code for one in products}
        said = {key: code for key, code in self.products_said.items() if code in here}
        return {
            "values": {key: values[:MOST_CODES] for key, values in self.values.items()},
            "names": names,
            "products": products,
            "proposed": {**guess_products(names, products), **said},
        }

    def get_initial(self) -> dict[str, Any]:
        """Start with what was said before, what a saved mapping says, or a guess."""
        initial: dict[str, Any] = {"allows_lookalikes": self.subject.allows_lookalikes}
        for key, values in self.values.items():
            said = self.said(key)
            for position, value in enumerate(values):
                initial[f"{key}-{position}"] = said.get(value, "")
        return initial

    @property
    def goes_on(self) -> bool:
        """Whether the person wants to be asked for the next products first."""
        return "more" in self.request.POST

    def perform(self, form: CodesForm) -> FileImport:
        """Store it and start the dry run."""
        codes = form.codes()
        if KEY in self.subject.mapping:
            codes[KEY] = {**self.products_said, **form.product_codes()}
        found = starting.set_mapping(
            file_import=self.subject,
            mapping=self.subject.mapping,
            codes=codes,
            allows_lookalikes=form.cleaned_data["allows_lookalikes"],
            actor=self.request.user,
            version=self.version,
        )
        if form.cleaned_data["save_as"].strip():
            save_mapping(file_import=found, name=form.cleaned_data["save_as"])
        if self.goes_on:
            return found
        return starting.start_check(file_import=found, actor=self.request.user)

    def get_success_url(self, result: FileImport) -> str:
        """Go to the import's page, or to the next products."""
        if self.goes_on:
            return reverse("migration_import:codes", args=[result.uuid])
        return super().get_success_url(result)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Say which columns have too many values to be codes, and which names are asked for."""
        many = [BY_KEY[key].label for key, found in self.values.items() if len(found) > MOST_CODES]
        products = extra["form"].product_fields()
        first_open = next((bound.name for bound in products if not bound.value()), "")
        return super().get_context_data(
            too_many=many, asked=self.names, first_open=first_open, **extra
        )
