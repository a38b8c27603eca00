"""What can be done with facts, messages going out and messages coming in."""
