"""The interaction centre."""
