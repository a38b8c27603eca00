"""Writes of the interaction centre."""
