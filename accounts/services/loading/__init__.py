"""
Take over accounts and business agreements from the ERP, set by set.

Each function takes the rows of one page of the download, runs in one transaction, and answers
`(created, updated, rejects)`. A second run with the same rows creates and updates nothing. Rows are
matched by their ERP number; `external_reference` is our UUID if the ERP got the object from us.
Contact points are added, never taken away: an agent may know more than the ERP.

The search index is brought up to date apart, by `indexing.reindex_accounts(erp_numbers=…)`, once
the agreements are there too.
"""

from accounts.services.loading.accounts import AccountRow, load_accounts
from accounts.services.loading.agreements import AgreementRow, load_agreements

__all__ = ["AccountRow", "AgreementRow", "load_accounts", "load_agreements"]
