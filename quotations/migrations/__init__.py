"""Migrations of quotations."""
