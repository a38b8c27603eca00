"""What can be done with documents and messages."""
