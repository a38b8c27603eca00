"""Template tags of the product catalogue."""
