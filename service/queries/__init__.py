"""Reads of the service app."""
