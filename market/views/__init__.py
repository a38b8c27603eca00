"""Screens of the market."""
