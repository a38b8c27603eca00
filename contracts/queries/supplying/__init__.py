"""Reads of who supplies what."""
