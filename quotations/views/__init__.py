"""Screens of quotations."""
