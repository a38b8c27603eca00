"""Commands of the billing_sync app."""
