"""Scripts: building, releasing, and guiding an agent through one."""
