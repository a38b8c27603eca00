"""Screens of the events app."""
