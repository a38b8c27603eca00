"""The database back end with a wall behind every tenant."""
