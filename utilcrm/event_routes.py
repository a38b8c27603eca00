"""
What triggers what: the one page that shows which event causes which message, and where it goes.

Wiring only. A destination's handler is named by its dotted path, so that nothing is imported
upwards.
"""

from django.utils.translation import gettext_lazy as _

from events.services.routing import Destination, Route

DESTINATIONS: dict[str, Destination] = {
    destination.name: destination
    for destination in (
        # decides which objects a signed contract needs in the ERP, and enqueues them
        Destination(
            "erp-planning",
            "billing_sync.services.planning.PlanningHandler",
            label=_("Planning of messages to the ERP"),
            local=True,
        ),
        # the ERP's SOAP endpoint; its answers come back asynchronously
        Destination(
            "erp",
            "billing_sync.services.delivering.ErpHandler",
            label=_("ERP"),
            queue="erp",
            # one worker of the smallest installation stays free for everything else
            parallel=2,
            lease=60,
            quiet=20,
            confirm_after=30,
            backoff_cap=900,
        ),
        # the initial download: one message a page, read there and loaded here
        Destination(
            "erp-download",
            "billing_sync.services.paging.PageHandler",
            label=_("Download from the ERP"),
            queue="erp",
            lease=45,
            quiet=0,
            # what has nothing to do with each other is loaded side by side
            parallel=2,
            backoff_base=2,
            backoff_cap=30,
        ),
        # the list of an invoicing run: one message a page of ten thousand
        Destination(
            "erp-invoices",
            "billing_sync.services.invoicing.running.InvoicePageHandler",
            label=_("Lists of invoices from the ERP"),
            queue="erp",
            lease=120,
            quiet=0,
            parallel=1,
            backoff_base=2,
            backoff_cap=60,
        ),
        # writes the mails for invoices whose token has come, and hands them on
        Destination(
            "invoice-letters",
            "billing_sync.services.invoicing.letters.LettersHandler",
            label=_("Writing of mails with invoices"),
            local=True,
            queue="mail",
            parallel=1,
        ),
        # sends them, each with its copy from the archive; apart from other mail, because a million
        # of them come in one night
        Destination(
            "invoice-mail",
            "correspondence.services.mailing.MailHandler",
            label=_("Mails with invoices"),
            # a whole month's in one night is nothing unusual
            deep_at=200_000,
            queue="mail",
            quiet=5,
            lease=90,
            parallel=2,
        ),
        # the archive of invoices: no message goes there, copies are asked for while somebody waits;
        # what pages and mails share is the knowledge that it is away
        Destination(
            "archive",
            "events.services.handling.Handler",
            label=_("Archive of invoices"),
            failures_to_open=3,
        ),
        # PDFs: no network, but seconds of work, so not inside a transaction
        Destination(
            "documents",
            "correspondence.services.rendering.DocumentHandler",
            label=_("Documents"),
            queue="documents",
            parallel=2,
            quiet=1,
        ),
        # the mail server; it cannot be asked, a repeated message carries the same Message-ID
        Destination(
            "mail",
            "correspondence.services.mailing.MailHandler",
            label=_("Mail"),
            queue="mail",
            quiet=5,
            lease=60,
        ),
        # a file of another system: read, checked and imported in stretches of some seconds
        Destination(
            "migration",
            "migration_import.services.stepping.StepHandler",
            label=_("Import of a file"),
            queue="documents",
            # a workbook is read from its beginning, which takes longer than any other stretch
            lease=180,
            quiet=0,
            parallel=1,
            backoff_base=2,
            backoff_cap=30,
        ),
        # what contracts do when a document is made, a message is sent, the ERP has confirmed
        Destination(
            "contract-desk",
            "contracts.services.following.ContractDeskHandler",
            label=_("Work on contracts"),
            local=True,
        ),
        # contracts follow when another agreement feeds their product: chunk by chunk
        Destination(
            "supply",
            "contracts.services.supplying.SupplyHandler",
            label=_("Suppliers of contracts"),
            quiet=0,
            parallel=1,
            backoff_base=2,
            backoff_cap=30,
        ),
        # the figures of those reports: seconds of reading, so in no web request
        Destination(
            "supplier-figures",
            "market.services.reporting.FiguresHandler",
            label=_("Figures of reports to suppliers"),
            lease=120,
            quiet=0,
            parallel=1,
            backoff_base=2,
            backoff_cap=30,
        ),
        # monthly reports to suppliers, each of which answers with a receipt
        Destination(
            "supplier-report",
            "market.services.reporting.ReportHandler",
            label=_("Reports to suppliers"),
            lease=60,
            quiet=20,
            parallel=2,
        ),
        # decides what the register does not know yet of our supplies
        Destination(
            "market-planning",
            "market.services.following.MarketPlanningHandler",
            label=_("Planning of messages to the register"),
            local=True,
        ),
        # the regulator's register; its answers come by its queue, some after days
        Destination(
            "market",
            "market.services.delivering.RegisterHandler",
            label=_("Register of the market"),
            queue="erp",
            parallel=2,
            lease=60,
            quiet=20,
            confirm_after=600,
            backoff_cap=900,
        ),
        # keeps in the context bar what an agent makes during a contact
        Destination(
            "contact-desk",
            "interactions.services.following.ContactDeskHandler",
            label=_("Work on contacts"),
            local=True,
        ),
    )
}

ROUTES: dict[str, tuple[Route, ...]] = {
    "accounts.account.created": (
        Route("erp-planning", "account-created"),
        Route("contact-desk", "account-made"),
    ),
    "accounts.account.changed": (Route("erp-planning", "account-changed"),),
    "accounts.agreement.created": (
        Route("erp-planning", "agreement-created"),
        Route("contact-desk", "agreement-made"),
    ),
    "accounts.agreement.changed": (Route("erp-planning", "agreement-changed"),),
    "premises.premise.created": (Route("contact-desk", "premise-made", "{subject_uuid}"),),
    "contracts.contract.signed": (
        Route("erp-planning", "contract-signed", "contract:{subject_uuid}"),
    ),
    "contracts.item.queued": (Route("contract-desk", "item-queued", "contract:{contract_uuid}"),),
    "market.report.asked": (Route("supplier-figures", "count", "supplier:{supplier_uuid}"),),
    "market.report.sent": (Route("supplier-report", "report", "supplier:{supplier_uuid}"),),
    # what the ERP had already has its suppliers from us
    "billing_sync.download.completed": (Route("supply", "all", "all"),),
    "products.supply.changed": (Route("supply", "product-fed", "product:{subject_uuid}"),),
    "products.agreement.changed": (
        Route("supply", "agreement-changed", "agreement:{subject_uuid}"),
    ),
    "contracts.item.requeued": (Route("erp-planning", "item-retried", "contract:{contract_uuid}"),),
    "devices.reading.reported": (
        Route("erp-planning", "reading-reported", "reading:{pod_uuid}"),
        Route("market-planning", "reading-reported", "pod:{pod_uuid}"),
    ),
    "devices.reading.corrected": (
        Route("erp-planning", "reading-reported", "reading:{pod_uuid}"),
        Route("market-planning", "reading-reported", "pod:{pod_uuid}"),
    ),
    "devices.device.replaced": (Route("market-planning", "meter-changed", "pod:{pod_uuid}"),),
    "billing_sync.budget.requested": (
        Route("erp-planning", "budget-requested", "budget:{agreement_uuid}"),
    ),
    "billing_sync.arrangement.requested": (
        Route("erp-planning", "arrangement-requested", "arrangement:{agreement_uuid}"),
    ),
    "billing_sync.payment.requested": (
        Route("erp-planning", "arrangement-requested", "arrangement:{agreement_uuid}"),
    ),
    "devices.reading.withdrawn": (
        Route("erp-planning", "reading-withdrawn", "reading:{pod_uuid}"),
    ),
    "devices.order.released": (
        Route("erp-planning", "device-order-released", "device:{pod_uuid}"),
    ),
    "devices.order.cancelled": (
        Route("erp-planning", "device-order-cancelled", "device:{pod_uuid}"),
    ),
    "contracts.process.started": (Route("contact-desk", "process-started", "{subject_uuid}"),),
    "contracts.process.released": (
        Route("erp-planning", "process-released", "contract:{lane_uuid}"),
    ),
    "contracts.process.rejected": (
        Route("erp-planning", "process-stopped", "contract:{lane_uuid}"),
    ),
    "contracts.process.cancelled": (
        Route("erp-planning", "process-stopped", "contract:{lane_uuid}"),
    ),
    "contracts.process.confirmed": (
        Route("market-planning", "process-changed", "process:{lane_uuid}"),
    ),
    "contracts.contract.withdrawn": (
        Route("contract-desk", "contract-withdrawn", "contract:{contract_uuid}"),
    ),
    "contracts.item.completed": (
        Route("contract-desk", "item-completed", "contract:{contract_uuid}"),
        Route("erp-planning", "item-completed", "contract:{contract_uuid}"),
        Route("market-planning", "contract-changed", "contract:{contract_uuid}"),
    ),
    "contracts.item.ended": (
        Route("market-planning", "contract-changed", "contract:{contract_uuid}"),
    ),
    "market.period.confirmed": (Route("market-planning", "point-changed", "pod:{pod_uuid}"),),
    "market.period.ending": (Route("market-planning", "point-changed", "pod:{pod_uuid}"),),
    "market.period.kept": (Route("market-planning", "point-changed", "pod:{pod_uuid}"),),
    "market.period.withdrawn": (Route("market-planning", "point-changed", "pod:{pod_uuid}"),),
    "market.period.ended": (Route("market-planning", "point-changed", "pod:{pod_uuid}"),),
    "market.period.rejected": (Route("market-planning", "point-changed", "pod:{pod_uuid}"),),
    "market.period.lost": (Route("market-planning", "point-changed", "pod:{pod_uuid}"),),
    "market.period.told": (Route("market-planning", "point-changed", "pod:{pod_uuid}"),),
    "events.delivery.cancelled": (
        Route("market-planning", "message-given-up", "message:{subject_uuid}"),
    ),
    "contracts.contract.completed": (
        Route("contract-desk", "contract-completed", "contract:{subject_uuid}"),
    ),
    "correspondence.document.made": (Route("contract-desk", "document-made", "{subject_uuid}"),),
    "correspondence.message.sent": (Route("contract-desk", "message-sent", "{about_uuid}"),),
}
