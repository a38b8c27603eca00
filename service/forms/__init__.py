"""Forms of service."""
