"""The regulator's meter register and the suppliers: what the market is told, and tells us."""
