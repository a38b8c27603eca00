"""Entering what a meter shows, and following it to the ERP."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.choices import SegmentCode
from access.models import User
from contracts.forms import NoFieldsForm
from contracts.forms.readings import ReadingForm
from contracts.queries.metering import MeterPlace, meters_of, points_of, supply_at
from correspondence.services.documents import Customer
from correspondence.services.uploading import UploadRefused
from devices.choices import ReadingSource
from devices.models import ReadingReport
from devices.queries import meter_history
from devices.services.reading import (
    ReadingRefused,
    ReadingsNeedAnswers,
    correct_readings,
    report_readings,
    withdraw_report,
)
from utilcrm import clock
from utilcrm.web import htmx
from utilcrm.web.views import DetailScreen, OperationView

_NAMED = ("pod", "contract", "premise", "account")


class ReadingOperation(OperationView):
    """A form of readings for the meter that was chosen."""

    permission_required = "devices.report_reading"
    form_class = ReadingForm
    template_name = "contracts/readings/take.html"
    refusals = {ReadingRefused: None, ReadingsNeedAnswers: None, UploadRefused: None}
    place: MeterPlace | None = None

    @property
    def actor(self) -> User:
        """Return who does it; nobody gets here without logging in."""
        return cast("User", self.request.user)

    def take_place(self, place: MeterPlace) -> None:
        """Note the meter, who is supplied there, and how much is used."""
        self.place = place
        self.supply = supply_at(place.pod)
        account = self.supply.contract.account if self.supply else None
        # a photo of a vacant flat's meter is seen by whoever sees the flat
        segment = account.segment if account else place.pod.premise.segment
        self.customer = Customer(
            account.uuid if account else None, segment or SegmentCode.RESIDENTIAL
        )
        self.annual_kwh = self.supply.expected_annual_kwh if self.supply else None

    def get_form_kwargs(self) -> dict[str, Any]:
        """The fields depend on the meter's registers."""
        registers = list(self.place.meter.registers.all()) if self.place else []
        return {"registers": registers, "annual_kwh": self.annual_kwh if self.place else None}

    def get_initial(self) -> dict[str, Any]:
        """Return today, told by the customer."""
        return {"read_on": clock.today(), "source": ReadingSource.CUSTOMER}

    def field_of(self, refusal: Exception) -> str | None:
        """Return the field of the register that a refusal is about."""
        if isinstance(refusal, ReadingsNeedAnswers):
            self.open_findings = refusal.open_findings
            return None
        name = getattr(refusal, "field", "")
        if name.startswith("value_") or name in self.form_class.base_fields:
            return str(name)
        return None

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again, with the questions that the values raise."""
        if findings := getattr(self, "open_findings", {}):
            form.ask(findings)
        return super().form_invalid(form)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the meter and its registers."""
        lines = extra["form"].lines() if "form" in extra else []
        asks_serial = any(line.asks_lower for line in lines)
        return super().get_context_data(
            place=self.place, lines=lines, asks_serial=asks_serial, **extra
        )

    def get_success_url(self, result: ReadingReport) -> str:
        """Show what becomes of the readings."""
        return reverse("contracts:reading", args=[result.uuid])


class TakeReadings(ReadingOperation):
    """Enter readings; `?pod=`, `?contract=`, `?premise=` or `?account=` says where."""

    title = _("Enter a meter reading")
    submit_label = _("Send the readings")
    success_message = _("The readings are on their way to the ERP.")

    def load(self) -> None:
        """Find the meters of the place that the address names; one is taken at once."""
        named = {name: self._uuid(name) for name in _NAMED}
        points = points_of(self.actor, **named) if self.actor.is_authenticated else []
        self.places = meters_of(points)
        wanted = self._uuid("meter")
        chosen = [one for one in self.places if not wanted or str(one.meter.uuid) == wanted]
        if len(chosen) == 1:
            self.take_place(chosen[0])

    def _uuid(self, name: str) -> str:
        raw = self.request.GET.get(name, "")
        try:
            return str(uuid.UUID(raw)) if raw else ""
        except ValueError:
            return ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for the meter first, unless it is clear."""
        return super().get(request, *args, **kwargs) if self.place else self._choose()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the readings of the meter that is clear."""
        return super().post(request, *args, **kwargs) if self.place else self._choose(status=422)

    def _choose(self, *, status: int = 200) -> HttpResponse:
        self.template_name = "contracts/readings/choose.html"
        return self.show(self.get_context_data(places=self.places), status=status)

    def perform(self, form: ReadingForm) -> ReadingReport:
        """Report them."""
        place = cast("MeterPlace", self.place)
        return report_readings(
            pod=place.pod,
            serial_number=place.meter.serial_number,
            given=form.given(),
            annual_kwh=self.annual_kwh,
            customer=self.customer,
            actor=self.actor,
        )


class CorrectReadings(ReadingOperation):
    """Correct readings that the ERP has refused."""

    model = ReadingReport
    title = _("Correct the readings")
    submit_label = _("Send the corrected readings")
    success_message = _("The corrected readings are on their way to the ERP.")
    is_versioned = True

    def load(self) -> None:
        """Load the report and the meter it is about."""
        super().load()
        pod = self.subject.pod
        standing = [
            meter
            for meter in meter_history(pod)
            if meter.serial_number == self.subject.serial_number
        ]
        if not standing:
            raise Http404
        self.take_place(MeterPlace(pod=pod, meter=standing[0]))

    def get_initial(self) -> dict[str, Any]:
        """Return what was reported."""
        values = self.subject.values.select_related("register")
        return {
            "read_on": self.subject.read_on,
            "source": self.subject.source,
            "new_serial_number": self.subject.new_serial_number,
            **{
                f"value_{one.register.code}": one.value.quantize(
                    Decimal(1).scaleb(-one.register.decimals)
                )
                for one in values
            },
        }

    def perform(self, form: ReadingForm) -> ReadingReport:
        """Correct them."""
        return correct_readings(
            report=self.subject,
            version=self.version,
            given=form.given(),
            annual_kwh=self.annual_kwh,
            customer=self.customer,
            actor=self.actor,
        )


class ReadingScreen(DetailScreen):
    """Whatever shows reported readings."""

    model = ReadingReport
    permission_required = "premises.view_premise"

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what the page shows along."""
        rows: QuerySet[Any] = super().get_queryset()
        return rows.select_related("pod__premise__connection_object")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the values."""
        values = self.subject.values.select_related("register", "reading", "photo")
        return super().get_context_data(values=values.order_by("register__code"), **extra)


class ReadingPage(ReadingScreen):
    """What was reported, and what the ERP made of it."""

    template_name = "contracts/readings/detail.html"
    title = _("Meter reading")


class ReadingState(ReadingScreen):
    """The part of the page that changes while one looks."""

    template_name = "contracts/readings/_state.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer a poll: 204 as long as nothing has changed."""
        if request.GET.get("seen") == self.subject.status:
            return htmx.nothing_changed()
        return htmx.trigger(super().get(request, *args, **kwargs), "timeline-changed")


class WithdrawReadings(OperationView):
    """Take back readings that the ERP has refused."""

    model = ReadingReport
    permission_required = "devices.report_reading"
    form_class = NoFieldsForm
    title = _("Take the readings back")
    intro = _("They count no more, and readings that wait behind them are sent.")
    submit_label = _("Take back")
    submit_variant = "danger"
    success_message = _("The readings were taken back.")
    refusals = {ReadingRefused: None}

    def perform(self, form: NoFieldsForm) -> ReadingReport:
        """Withdraw."""
        return withdraw_report(report=self.subject, actor=cast("User", self.request.user))

    def get_success_url(self, result: ReadingReport) -> str:
        """Lead back to the readings."""
        return reverse("contracts:reading", args=[result.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the way back."""
        url = reverse("contracts:reading", args=[self.subject.uuid])
        return super().get_context_data(back_url=url, back_label=str(self.subject), **extra)
