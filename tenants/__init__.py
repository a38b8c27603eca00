"""Who the utility is."""
