"""What can be asked about contracts."""
