"""Screens of processes: begin, fill in, release, follow, undo."""
