"""Reads: what waits, one conversation, whom it may be with."""
