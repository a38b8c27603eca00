"""Where a lower floor asks a higher one without importing it: dotted paths."""

SUBMISSION_GUARD = "events.services.submissions.once"
"""Makes a form that is sent twice have one effect."""

PREFLIGHT_PROVIDERS = [
    "billing_sync.services.preflight.check",
    "market.services.preflight.check",
]
"""What would be refused elsewhere, asked before a customer signs."""

JOURNEY_PROVIDERS = ["billing_sync.queries.journey_facts"]
"""Messages to the ERP on a contract's journey strip."""

JOURNEY_STAGE_PROVIDERS = ["market.queries.journey.stage_of"]
"""Whole stages of a contract's journey strip."""

DUNNING_PROVIDER = "billing_sync.queries.standing.dunning_of"
"""How far a business agreement's dunning has come."""

CUSTOMERS_PROVIDER = "accounts.queries.visible_customers"
"""Whose customers somebody may see, for messages about them."""

CONCERN_PROVIDERS = ["billing_sync.queries.concerns.of_invoicing"]
"""What is wrong besides messages, for the alarms and the list of the back office."""

MAIL_ENCLOSURES = {
    "invoice": "billing_sync.services.invoicing.enclosing.enclose",
    "conversation": "conversations.services.attaching.enclose",
}
"""What is fetched and put into a mail when it is sent."""

# What rules of alerts may ask about a customer (utilcrm.facts)
FACT_SOURCES = [
    "accounts.queries.facts.AccountFacts",
    "billing_sync.queries.facts.MoneyFacts",
    "contracts.queries.facts.ContractFacts",
    "market.queries.alerting.DisconnectionFacts",
    "interactions.queries.alerts.desk_facts.ServiceFacts",
    "interactions.queries.alerts.desk_facts.ContactFacts",
]
