"""Making tenants, and the wall behind each."""
