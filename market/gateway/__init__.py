"""The wire to the regulator's register and to suppliers."""
