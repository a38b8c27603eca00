"""ConnectionObject: the building or property that the grid reaches."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from utilcrm.db.models import Record
from utilcrm.identifiers.addresses import match_key, street_line, town_line


class ConnectionObject(Record):
    """
    A building or property with an address; premises lie in it.

    It belongs to no customer, so everybody may see it. `match_key` is the folded address by which
    an existing building is found again however it is typed; two buildings may share one (the ERP
    keeps the blocks of a yard apart), so it is not unique.
    """

    street = models.CharField(_("street"), max_length=80)
    house_number = models.CharField(_("house number"), max_length=10, blank=True, default="")
    postcode = models.CharField(_("postcode"), max_length=10)
    town = models.CharField(_("town"), max_length=60)
    country = models.CharField(_("country"), max_length=2)
    erp_number = models.CharField(_("ERP number"), max_length=10, blank=True, default="")
    match_key = models.CharField(max_length=120, db_collation="C", editable=False)

    objects: ClassVar[models.Manager[ConnectionObject]] = models.Manager()

    class Meta:
        verbose_name = _("connection object")
        verbose_name_plural = _("connection objects")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["erp_number"],
                condition=~Q(erp_number=""),
                name="premises_connectionobject_erp_number_once",
            ),
        ]
        indexes = [
            # Buildings whose folded address starts with what was typed (`premises.queries.find`).
            models.Index(fields=["match_key"], name="premises_connobj_match_key"),
        ]

    def __str__(self) -> str:
        return self.address_line

    # Factories

    @classmethod
    def at(
        cls, *, street: str, house_number: str, postcode: str, town: str, country: str
    ) -> ConnectionObject:
        """Return an unsaved building at an address."""
        return cls(
            street=street,
            house_number=house_number,
            postcode=postcode,
            town=town,
            country=country,
            match_key=match_key(postcode, street, house_number),
        )

    # Mutators

    def mark_replicated(self, erp_number: str) -> None:
        """Store the number under which the ERP keeps the connection object."""
        self.erp_number = erp_number
        self.save(update_fields=["erp_number", "updated_at"])

    # Properties

    @property
    def is_replicated(self) -> bool:
        """Whether the ERP has confirmed the building and given it a number."""
        return self.erp_number != ""

    @property
    def street_line(self) -> str:
        """Street and house number in the country's order."""
        return street_line(self.street, self.house_number, "", self.country)

    @property
    def address_line(self) -> str:
        """The address on one line."""
        return f"{self.street_line}, {town_line(self.postcode, self.town, self.country)}"
