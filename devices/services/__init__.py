"""Operations that write devices, one module a topic."""
