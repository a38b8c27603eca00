"""Management of the events app."""
