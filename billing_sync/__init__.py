"""The wire to the billing system (ERP): what goes there, what comes back, what is copied here."""
