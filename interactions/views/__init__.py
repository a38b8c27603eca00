"""Screens of the interaction centre."""
