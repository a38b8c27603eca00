"""Reads of the product catalogue, one module a topic."""
