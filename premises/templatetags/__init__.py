"""Template tags of premises."""
