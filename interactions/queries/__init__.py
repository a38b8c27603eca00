"""Reads of the interaction centre."""
