"""One module a scheme: what a point of delivery is called in a market."""
