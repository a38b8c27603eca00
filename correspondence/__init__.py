"""Every document and message that leaves the house or comes in."""
