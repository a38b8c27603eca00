"""Writes: take a file in, map it, check it, import it."""
