"""A stand-in of the central register of a market's meters and of who supplies them."""
