"""Writes of access: roles and people."""
