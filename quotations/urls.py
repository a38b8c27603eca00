"""Addresses of quotations."""

from django.urls import path

from quotations.views import approving, editing, opening, screens, sections, sending

app_name = "quotations"

urlpatterns = [
    path("", screens.QuotationList.as_view(), name="list"),
    path("new/", opening.CreateQuotation.as_view(), name="create"),
    path("approvals/", approving.ApprovalList.as_view(), name="approvals"),
    path("approvals/<uuid:uuid>/", approving.DecideApproval.as_view(), name="decide"),
    path("<uuid:uuid>/", screens.QuotationDetail.as_view(), name="detail"),
    path("<uuid:uuid>/state/", screens.QuotationStatusFragment.as_view(), name="state"),
    path("<uuid:uuid>/preview.pdf", screens.PreviewQuotation.as_view(), name="preview"),
    path("<uuid:uuid>/edit/", editing.EditQuotation.as_view(), name="edit"),
    path("<uuid:uuid>/add/<uuid:pod>/", editing.AddItem.as_view(), name="add_item"),
    path("<uuid:uuid>/remove/<uuid:item>/", editing.RemoveItem.as_view(), name="remove_item"),
    path(
        "<uuid:uuid>/consumption/<uuid:item>/",
        sections.SaveConsumption.as_view(),
        name="save_consumption",
    ),
    path("<uuid:uuid>/offer/<uuid:item>/", sections.SaveOffer.as_view(), name="save_offer"),
    path("<uuid:uuid>/meter/<uuid:item>/", sections.SaveMeter.as_view(), name="save_meter"),
    path("<uuid:uuid>/start/<uuid:item>/", sections.SaveStart.as_view(), name="save_start"),
    path("<uuid:uuid>/conditions/", sections.SaveConditions.as_view(), name="save_conditions"),
    path("<uuid:uuid>/send/", sending.SendQuotation.as_view(), name="send"),
    path("<uuid:uuid>/prices/", sending.TakePrices.as_view(), name="take_prices"),
    path("<uuid:uuid>/approval/", sending.RequestApproval.as_view(), name="request_approval"),
    path(
        "<uuid:uuid>/approval/withdraw/",
        sending.WithdrawRequest.as_view(),
        name="withdraw_request",
    ),
    path("<uuid:uuid>/reject/", sending.RejectQuotation.as_view(), name="reject"),
    path("<uuid:uuid>/again/", sending.QuoteAgain.as_view(), name="again"),
]
