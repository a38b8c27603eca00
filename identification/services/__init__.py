"""Writes: keep the index in step with what it points at."""
