"""Writes of the service app."""
