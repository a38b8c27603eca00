"""The wire to the stand-ins' control ports."""
