"""Reads of quotations, one module a topic."""
