"""Where energy is used: connection objects, premises, points of delivery, who serves them."""
