"""Screens of the import: list, upload, layout, columns, codes, dry run, report, run."""
