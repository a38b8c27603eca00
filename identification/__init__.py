"""Identification: the index behind the one search box. It knows entries, not accounts."""
