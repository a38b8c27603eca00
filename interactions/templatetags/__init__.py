"""Template tags of the interaction centre."""
