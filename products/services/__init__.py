"""Writes of the product catalogue."""
