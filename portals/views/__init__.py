"""The pages on which customers read and sign."""
