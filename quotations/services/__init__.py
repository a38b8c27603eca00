"""Writes of quotations, one module a topic."""
