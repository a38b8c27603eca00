"""What can be done with contracts and signature requests."""
