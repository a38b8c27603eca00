"""Work that waits, and who is there for it."""
