"""The mail sink: takes every message over SMTP, keeps it, and shows it."""
