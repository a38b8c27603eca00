"""The wire to the telephone system."""
