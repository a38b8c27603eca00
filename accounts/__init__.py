"""Business partners, how to reach them, and the agreements under which they pay."""
