"""Reads: how far an import is, and what is wrong in its file."""
