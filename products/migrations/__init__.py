"""Migrations of the product catalogue."""
