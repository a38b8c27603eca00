"""Commands of the product catalogue."""
