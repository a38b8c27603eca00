"""What the utility sells: products, their prices over time, and how customers consume."""
