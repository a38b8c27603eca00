"""Screens of premises."""
