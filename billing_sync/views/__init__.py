"""Screens and the endpoint of the billing_sync app."""
