"""Addresses of contracts."""

from django.urls import include, path

from contracts.views import (
    accepting,
    changing,
    listing,
    readings,
    renewing,
    showing,
    uploading,
)
from contracts.views.processes import approving, moving_in, starting, working
from contracts.views.processes import following as processes
from contracts.views.supplying import feeding, negotiating
from contracts.views.supplying import showing as supply

app_name = "contracts"

_PROCESSES = [
    path("", processes.ProcessList.as_view(), name="processes"),
    path("new/<slug:kind>/", starting.NewProcess.as_view(), name="process_new"),
    path("of/<uuid:uuid>/", starting.ContractOffers.as_view(), name="process_offers"),
    path("<uuid:uuid>/", processes.ProcessPage.as_view(), name="process"),
    path("<uuid:uuid>/state/", processes.ProcessState.as_view(), name="process_state"),
    path("<uuid:uuid>/step/<slug:step>/", working.EditStep.as_view(), name="process_step"),
    path("<uuid:uuid>/keep/<slug:step>/", working.SaveStep.as_view(), name="process_keep"),
    path("<uuid:uuid>/review/", working.Review.as_view(), name="process_review"),
    path("<uuid:uuid>/ahead/", working.AskAhead.as_view(), name="process_ahead"),
    path("<uuid:uuid>/offer/", moving_in.DrawUpOffer.as_view(), name="process_offer"),
    path("<uuid:uuid>/undo/", processes.Undo.as_view(), name="process_undo"),
    path("<uuid:uuid>/give-up/", processes.GiveUp.as_view(), name="process_give_up"),
    path("<uuid:uuid>/again/", processes.Again.as_view(), name="process_again"),
    path("<uuid:uuid>/approval/", approving.AskForApproval.as_view(), name="process_approval"),
    path("approvals/", approving.ApprovalList.as_view(), name="process_approvals"),
    path("approvals/<uuid:uuid>/", approving.DecideApproval.as_view(), name="process_decide"),
]

_SUPPLY = [
    path("", supply.Suppliers.as_view(), name="suppliers"),
    path("new/", negotiating.NewSupplier.as_view(), name="supplier_new"),
    path("<uuid:uuid>/edit/", negotiating.EditSupplier.as_view(), name="supplier_edit"),
    path("<uuid:uuid>/agree/", negotiating.NewAgreement.as_view(), name="supply_agreement_new"),
    path("agreements/<uuid:uuid>/", supply.Agreement.as_view(), name="supply_agreement"),
    path(
        "agreements/<uuid:uuid>/edit/",
        negotiating.EditAgreement.as_view(),
        name="supply_agreement_edit",
    ),
    path("agreements/<uuid:uuid>/price/", negotiating.NewPrice.as_view(), name="supply_price_new"),
    path("products/", supply.SuppliedProducts.as_view(), name="supply_products"),
    path("products/<uuid:uuid>/feed/", feeding.FeedProduct.as_view(), name="supply_feed"),
    path("items/<uuid:uuid>/", feeding.SupplyItem.as_view(), name="item_supply"),
    path("gaps/", supply.Gaps.as_view(), name="supply_gaps"),
]

urlpatterns = [
    path("supply/", include(_SUPPLY)),
    path("processes/", include(_PROCESSES)),
    path("readings/new/", readings.TakeReadings.as_view(), name="reading_new"),
    path("readings/<uuid:uuid>/", readings.ReadingPage.as_view(), name="reading"),
    path("readings/<uuid:uuid>/state/", readings.ReadingState.as_view(), name="reading_state"),
    path(
        "readings/<uuid:uuid>/correct/", readings.CorrectReadings.as_view(), name="reading_correct"
    ),
    path(
        "readings/<uuid:uuid>/withdraw/",
        readings.WithdrawReadings.as_view(),
        name="reading_withdraw",
    ),
    path("", listing.ContractList.as_view(), name="list"),
    path("renewals/", renewing.RenewalList.as_view(), name="renewals"),
    path("<uuid:uuid>/renew/", renewing.Renew.as_view(), name="renew"),
    path("unsigned/", listing.UnsignedList.as_view(), name="unsigned"),
    path("of/<uuid:uuid>/", listing.ContractsOfAccount.as_view(), name="for_account"),
    path("accept/<uuid:uuid>/", accepting.AcceptQuotation.as_view(), name="accept_quotation"),
    path(
        "preflight/<uuid:uuid>/", showing.QuotationPreflight.as_view(), name="quotation_preflight"
    ),
    path("<uuid:uuid>/", showing.ContractDetail.as_view(), name="detail"),
    path("<uuid:uuid>/journey/", showing.Journey.as_view(), name="journey"),
    path("<uuid:uuid>/head/", showing.ContractHead.as_view(), name="head"),
    path("<uuid:uuid>/body/", showing.ContractBody.as_view(), name="body"),
    path("<uuid:uuid>/preflight/", showing.Preflight.as_view(), name="preflight"),
    path("<uuid:uuid>/evidence/", showing.Evidence.as_view(), name="evidence"),
    path("<uuid:uuid>/amend/", changing.Amend.as_view(), name="amend"),
    path("<uuid:uuid>/withdraw/", changing.Withdraw.as_view(), name="withdraw"),
    path("<uuid:uuid>/link/", changing.ResendLink.as_view(), name="resend_link"),
    path("<uuid:uuid>/again/", changing.RequestAgain.as_view(), name="request_again"),
    path("<uuid:uuid>/letter/", changing.ResendLetter.as_view(), name="resend_letter"),
    path("<uuid:uuid>/upload/", uploading.Upload.as_view(), name="upload"),
    path("<uuid:uuid>/retry/<uuid:item_uuid>/", changing.Retry.as_view(), name="retry"),
]
