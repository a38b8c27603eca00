"""What every record shares, and bulk paths into the database."""
