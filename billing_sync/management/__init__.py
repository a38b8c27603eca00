"""Management of the billing_sync app."""
