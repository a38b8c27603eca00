"""What is done with the market."""
