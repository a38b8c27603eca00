"""Reads of scripts: their shape, what stands against a release, runs, and the report."""
