"""Operations that write accounts, one module a topic."""
