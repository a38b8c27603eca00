"""Screens of contracts."""
