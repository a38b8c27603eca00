"""Customers and contracts of another system, taken over from a file (C-16)."""
