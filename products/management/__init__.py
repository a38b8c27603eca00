"""Maintenance of the product catalogue."""
