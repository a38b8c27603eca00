"""Screens of service."""
