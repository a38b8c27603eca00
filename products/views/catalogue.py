"""The price list, to look something up while a customer asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from products.choices import Term
from products.queries.catalogue import price_list
from utilcrm import clock
from utilcrm.web.views.screens import Screen


class Catalogue(Screen):
    """What is on sale today, net, with the three terms side by side."""

    permission_required = "access.use_workbench"
    template_name = "products/catalogue.html"
    title = _("Products and prices")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        today = clock.today()
        return self.show(
            self.get_context_data(
                listed=price_list(today), terms=[Term(value).label for value in Term.values]
            )
        )
