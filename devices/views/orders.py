"""Device changes: begun, typed, sent to the ERP, followed."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import User
from devices.choices import OPEN_ORDERS, DeviceOrderKind
from devices.forms import DeviceOrderForm, NoFieldsForm
from devices.models import DeviceOrder
from devices.queries.offering import slug_of
from devices.services.ordering.drafting import (
    OrderNotEditable,
    cancel_order,
    draft_order,
    keep_draft,
)
from devices.services.ordering.releasing import release_order
from devices.services.ordering.rules import OrderRefused
from devices.views.guarding import InstalledDevices
from premises.models import PointOfDelivery
from utilcrm import clock
from utilcrm.db.models import StaleVersion
from utilcrm.web import htmx
from utilcrm.web.views import DetailScreen, ListScreen, OperationView

_CONTROL = frozenset({"csrfmiddlewaretoken", "form_token", "version"})


class OrderList(InstalledDevices, ListScreen):
    """Device changes that are not finished, the oldest first."""

    model = DeviceOrder
    permission_required = "premises.view_premise"
    template_name = "devices/orders.html"
    title = _("Device changes")
    order = ("id",)

    def get_queryset(self) -> QuerySet[Any]:
        """Return open ones."""
        rows: QuerySet[Any] = super().get_queryset()
        return rows.filter(status__in=OPEN_ORDERS).select_related(
            "pod__premise__connection_object", "last_by"
        )


class StartOrder(InstalledDevices, OperationView):
    """Begin a device change at a point of delivery, or go on with its draft."""

    http_method_names = ["post"]
    model = PointOfDelivery
    lookup = "uuid"
    permission_required = "devices.order_device"
    form_class = NoFieldsForm
    kind = DeviceOrderKind.INSTALL

    def load(self) -> None:
        """Load the point of delivery; an unknown kind is 404."""
        super().load()
        named = {slug_of(kind): kind for kind in DeviceOrderKind}
        if self.kwargs["kind"] not in named:
            raise Http404
        self.kind = named[self.kwargs["kind"]]

    def perform(self, form: NoFieldsForm) -> DeviceOrder:
        """Begin."""
        return draft_order(kind=self.kind, pod=self.subject, actor=cast("User", self.request.user))

    def get_success_url(self, result: DeviceOrder) -> str:
        """Lead to the form."""
        return reverse("devices:order", args=[result.uuid])


class OrderPage(InstalledDevices, OperationView):
    """An order's page: the form while it may be changed, then how far it has come."""

    model = DeviceOrder
    permission_required = "premises.view_premise"
    form_class = DeviceOrderForm
    template_name = "devices/order.html"
    partial_template_name = ""
    submit_label = _("Send to the ERP")
    success_message = _("The order is on its way to the ERP.")
    is_versioned = True
    refusals = {OrderRefused: None, OrderNotEditable: None}
    form: DeviceOrderForm | None = None

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what the page shows along."""
        rows: QuerySet[Any] = super().get_queryset()
        return rows.select_related(
            "pod__premise__connection_object", "removed_device", "installed_device", "last_by"
        ).prefetch_related("readings__register__device")

    @property
    def may_change(self) -> bool:
        """Tell whether the form is shown."""
        return bool(self.subject.is_editable) and self.request.user.has_perm("devices.order_device")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The fields depend on the order."""
        return {"order": self.subject, "user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        """Return what was typed last."""
        return {"effective_on": clock.today(), **self.subject.typed}

    def get_form(self, data: Any = None) -> Any:
        """Remember the form, whose fields a refusal may name."""
        self.form = cast("DeviceOrderForm", super().get_form(data))
        return self.form

    def field_of(self, refusal: Exception) -> str | None:
        """Return the field that a refusal is about, if the form has it."""
        field = getattr(refusal, "field", "")
        return field if self.form is not None and field in self.form.fields else None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form, or how far the order has come."""
        form = self.get_form() if self.may_change else None
        return self.show(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send it; what is wrong is kept as it was typed."""
        if not self.may_change:
            return htmx.redirect(request, reverse("devices:order", args=[self.subject.uuid]))
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Keep what was typed, wrong or not, and say what is wrong."""
        try:
            self.subject = keep_draft(
                order=self.subject,
                typed=typed_in(self.request),
                version=self.version,
                actor=cast("User", self.request.user),
            )
        except StaleVersion as stale:
            return self.conflict(form, stale)
        except OrderNotEditable:
            return htmx.redirect(self.request, reverse("devices:order", args=[self.subject.uuid]))
        return self.show(self.get_context_data(form=form, version=self.subject.version), status=422)

    def perform(self, form: DeviceOrderForm) -> DeviceOrder:
        """Check and queue it."""
        return release_order(
            order=self.subject,
            change=form.as_change(),
            version=self.version,
            actor=cast("User", self.request.user),
        )

    def get_success_url(self, result: DeviceOrder) -> str:
        """Stay with the order."""
        return reverse("devices:order", args=[result.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add where it stands."""
        return super().get_context_data(
            order=self.subject,
            poll_url=_poll_url(self.subject),
            back_url=reverse("devices:place", args=[self.subject.pod.uuid]),
            **{"title": self.subject.get_kind_display(), **extra},
        )


class KeepOrder(OrderPage):
    """Keep the form as it is now, and show the registers of the device that is named."""

    http_method_names = ["post"]
    permission_required = "devices.order_device"
    template_name = "devices/_order_kept.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep it without judging it."""
        before = self.get_form()
        try:
            self.subject = keep_draft(
                order=self.subject,
                typed=typed_in(request),
                version=self.version,
                actor=cast("User", request.user),
            )
        except StaleVersion as stale:
            return self.show({"by": getattr(stale.current, "last_by", None)}, status=200)
        except OrderNotEditable:
            return htmx.redirect(request, reverse("devices:order", args=[self.subject.uuid]))
        form = self.get_form()
        return self.show(
            self.get_context_data(
                form=form,
                version=self.subject.version,
                other_goes=form.removed_device != before.removed_device,
                other_comes=form.installed_device != before.installed_device,
            )
        )


class OrderState(InstalledDevices, DetailScreen):
    """Where an order stands, alone: 204 as long as nothing has changed."""

    model = DeviceOrder
    permission_required = "premises.view_premise"
    template_name = "devices/_order_state.html"
    context_name = "order"

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch the devices along."""
        return (
            super()
            .get_queryset()
            .select_related("pod", "removed_device", "installed_device")
            .prefetch_related("readings__register__device")
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer a poll."""
        if request.GET.get("seen") == self.subject.status:
            return htmx.nothing_changed()
        return self.show(self.get_context_data(poll_url=_poll_url(self.subject)))


class CancelOrder(InstalledDevices, OperationView):
    """Give up a draft, or what the ERP has refused."""

    http_method_names = ["post"]
    model = DeviceOrder
    permission_required = "devices.order_device"
    form_class = NoFieldsForm
    success_message = _("Given up.")

    def perform(self, form: NoFieldsForm) -> DeviceOrder:
        """Give it up; what has gone on meanwhile is shown as it is."""
        try:
            return cancel_order(order=self.subject, actor=cast("User", self.request.user))
        except OrderNotEditable:
            return cast("DeviceOrder", self.subject)

    def get_success_url(self, result: DeviceOrder) -> str:
        """Lead back to the place."""
        return reverse("devices:place", args=[result.pod.uuid])


def typed_in(request: HttpRequest) -> dict[str, str]:
    """Return what is in the form, as typed."""
    return {name: request.POST[name] for name in request.POST if name not in _CONTROL}


def _poll_url(order: DeviceOrder) -> str:
    if not order.is_under_way:
        return ""
    return f"{reverse('devices:order_state', args=[order.uuid])}?seen={order.status}"
