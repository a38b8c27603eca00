"""
Invoices: the ERP's runs are read, the print company's tokens taken, copies given out, mails sent.

Each part is one module; `billing_sync.models.invoice` says where the rows lie.
"""
