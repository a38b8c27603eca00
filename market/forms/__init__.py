"""Forms of the market app."""
