"""What agents type into quotations, checked."""
