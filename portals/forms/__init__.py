"""What customers and visitors fill in."""
